package ums.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import ums.logging.MessageLog.Subject;

/** A line about a message has its subject as fields, and no private data. */
class MessageWordingTest {

    private static final Subject SUBJECT = new Subject(
            UUID.randomUUID(), 7, 2, "shop", "email", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

    @RegisterExtension
    final MessageLines lines = new MessageLines();

    @Test
    void aRenderingErrorIsLoggedWithItsLocationOnly() {
        MessageLog.notRendered(SUBJECT, "INVALID", new IllegalArgumentException("secret@example.com"));

        assertThat(lines.all()).singleElement().satisfies(it -> {
            assertThat(it.getFormattedMessage())
                    .contains("IllegalArgumentException", getClass().getSimpleName())
                    .doesNotContain("secret");
            assertThat(it.getThrowableProxy()).isNull();
            assertThat(it.getKeyValuePairs())
                    .extracting(pair -> pair.key + "=" + pair.value)
                    .contains(
                            "messageId=" + SUBJECT.messageId(),
                            "outboxId=7",
                            "attemptCount=2",
                            "client=shop",
                            "channel=email",
                            "errorType=INVALID",
                            "traceId=4bf92f3577b34da6a3ce929d0e0e4736");
        });
    }
}
