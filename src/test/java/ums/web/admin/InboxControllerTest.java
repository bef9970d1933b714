package ums.web.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import ums.sandbox.Inbox;

class InboxControllerTest {

    private static final byte[] MAIL =
            "Subject: 안녕\r\nMessage-ID: <1@example.com>\r\n\r\n<script>é</script>\r\n".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path home;

    private MockMvcTester http;

    @BeforeEach
    void storeThreeMails() throws IOException {
        Clock clock = Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC);
        Inbox inbox = new Inbox(home, Inbox.CAPACITY, clock);
        for (int i = 0; i < 3; i++) {
            inbox.store("shop@example.com", List.of("kim@example.com"), MAIL);
        }
        http = MockMvcTester.of(new InboxController(inbox));
    }

    @Test
    void listsWholeMailsNewestFirst() {
        assertThat(http.get().uri("/inbox")).hasStatusOk().bodyJson().isStrictlyEqualTo("""
                {"data": [%s, %s, %s]}""".formatted(
                        json(3), json(2), json(1)));
    }

    @Test
    void listsPageByPage() {
        assertThat(http.get().uri("/inbox?limit=1&before=3")).bodyJson().isStrictlyEqualTo("""
                {"data": [%s]}""".formatted(json(2)));
        assertThat(http.get().uri("/inbox?limit=0")).hasStatus(HttpStatus.BAD_REQUEST);
        assertThat(http.get().uri("/inbox?limit=1001")).hasStatus(HttpStatus.BAD_REQUEST);
    }

    @Test
    void findsAMailByItsNumber() {
        assertThat(http.get().uri("/inbox/2")).hasStatusOk().bodyJson().isStrictlyEqualTo(json(2));
    }

    @Test
    void rawMailHasTheReceivedBytesAndIsNeverServedAsHtml() {
        assertThat(http.get().uri("/inbox/3/raw"))
                .hasStatusOk()
                .hasContentType("message/rfc822")
                .hasHeader("X-Content-Type-Options", "nosniff")
                .body()
                .isEqualTo(MAIL);
    }

    @Test
    void unknownMailsAreNotFound() {
        assertThat(http.get().uri("/inbox/4")).hasStatus(HttpStatus.NOT_FOUND);
        assertThat(http.get().uri("/inbox/4/raw")).hasStatus(HttpStatus.NOT_FOUND);
    }

    private static String json(int n) {
        return """
                {"n": %d, "from": "shop@example.com", "to": ["kim@example.com"], "subject": "안녕",
                 "text": "<script>é</script>", "html": null,
                 "headers": {"Subject": "안녕", "Message-ID": "<1@example.com>"},
                 "size": %d, "at": "2026-11-22T10:00:00.000Z"}""".formatted(n, MAIL.length);
    }
}
