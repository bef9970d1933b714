package ums.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import ums.channel.Content;
import ums.channel.ErrorType;
import ums.channel.Failure;
import ums.channel.Recipient;
import ums.message.RecipientState.Status;

/** Rows are read as they were written, with null for what is not there, whichever way that is stored. */
class StoredJsonTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Instant AT = Instant.parse("2026-11-24T10:00:00.120Z");
    private static final Content WHOLE = new Content(
            "Shop <shop@example.com>",
            List.of("a@example.com", "\"b\\\"\"@example.com"),
            List.of("c@example.com"),
            List.of("d@example.com"),
            "reply@example.com",
            "주문 \"1\"\n😀",
            "text",
            "<p>html</p>",
            Map.of("X-Order", "1"));
    private static final Content LEAST =
            new Content(null, List.of(), List.of(), List.of(), null, null, null, null, Map.of());
    private static final List<RecipientState> RECIPIENTS = List.of(
            new RecipientState("a@example.com", Recipient.Kind.TO, Status.SENT, "250", "ok", AT),
            new RecipientState("b@example.com", Recipient.Kind.BCC, Status.PENDING, null, null, null));

    private final StoredJson stored = new StoredJson(JSON);

    @Test
    void writtenValuesAreRead() {
        assertThat(stored.content(stored.summary(WHOLE), stored.content(WHOLE))).isEqualTo(WHOLE);
        assertThat(stored.content(stored.summary(LEAST), stored.content(LEAST))).isEqualTo(LEAST);
        assertThat(stored.recipients(stored.recipients(RECIPIENTS))).isEqualTo(RECIPIENTS);
    }

    @Test
    void rowsOfEarlierVersionsHaveEveryMemberAndNullForWhatIsNotThere() {
        assertThat(stored.content(JSON.writeValueAsString(WHOLE), null)).isEqualTo(WHOLE);
        assertThat(stored.content(JSON.writeValueAsString(LEAST), null)).isEqualTo(LEAST);
        assertThat(stored.recipients(JSON.writeValueAsString(RECIPIENTS))).isEqualTo(RECIPIENTS);
    }

    @Test
    void aMemberOfALaterVersionIsSkipped() {
        assertThat(stored.content("{\"later\": {\"from\": [\"x\"]}, \"subject\": \"Hello\"}", null)
                        .subject())
                .isEqualTo("Hello");
    }

    @Test
    void anEventIsReadAsTheTimelineReadsIt() {
        TimelineEvent failed =
                TimelineEvent.failed("failed", AT, 2, new Failure(ErrorType.REJECTED, "550", "RCPT", "550 no"));
        TimelineEvent sent = TimelineEvent.replied("sent", AT, 2, "250", "ok");
        TimelineEvent canceled = TimelineEvent.of("canceled", AT, null);

        assertThat(JSON.readValue(stored.event(failed), TimelineEvent.class)).isEqualTo(failed);
        assertThat(JSON.readValue(stored.event(sent), TimelineEvent.class)).isEqualTo(sent);
        assertThat(JSON.readValue(stored.event(canceled), TimelineEvent.class)).isEqualTo(canceled);
    }
}
