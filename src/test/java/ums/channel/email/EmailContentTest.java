package ums.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import ums.channel.Content.Stored;

/** A content is read from the ledger as it was written, with null for what is not there. */
class EmailContentTest {

    private static final EmailContent WHOLE = new EmailContent(
            "Shop <shop@example.com>",
            List.of("a@example.com", "\"b\\\"\"@example.com"),
            List.of("c@example.com"),
            List.of("d@example.com"),
            "reply@example.com",
            "주문 \"1\"\n😀",
            "text",
            "<p>html</p>",
            Map.of("X-Order", "1"));
    private static final EmailContent LEAST =
            new EmailContent(null, List.of(), List.of(), List.of(), null, null, null, null, Map.of());

    @Test
    void aWrittenContentIsRead() {
        assertThat(read(WHOLE.stored())).isEqualTo(WHOLE);
        assertThat(read(LEAST.stored())).isEqualTo(LEAST);
    }

    @Test
    void listsReadTheSummaryOnly() {
        EmailContent brief = EmailContent.FORM.stored(WHOLE.stored().summary(), null);

        assertThat(brief.subject()).isEqualTo(WHOLE.subject());
        assertThat(brief.text()).isNull();
        assertThat(brief.view(false)).isEqualTo(WHOLE.view(false)).doesNotContainKeys("text", "html", "headers");
        assertThat(WHOLE.view(true))
                .containsEntry("html", "<p>html</p>")
                .containsEntry("headers", Map.of("X-Order", "1"));
    }

    @Test
    void aMemberOfALaterVersionIsSkippedAndANullIsNone() {
        EmailContent read = EmailContent.FORM.stored(
                "{\"later\": {\"from\": [\"x\"]}, \"subject\": \"Hello\", \"from\": null}", "{\"html\": null}");

        assertThat(read.subject()).isEqualTo("Hello");
        assertThat(read.from()).isNull();
        assertThat(read.html()).isNull();
    }

    @Test
    void aValueOfAnotherShapeIsAnErrorAndNotReadAsEmpty() {
        for (String broken :
                List.of("{\"to\": \"a@example.com\"}", "{\"subject\": 1}", "[]", "{\"to\": [1]}", "{", "null")) {
            assertThatThrownBy(() -> EmailContent.FORM.stored(broken, "{}"))
                    .as(broken)
                    .isInstanceOf(RuntimeException.class);
        }
    }

    private static EmailContent read(Stored stored) {
        return EmailContent.FORM.stored(stored.summary(), stored.rest());
    }
}
