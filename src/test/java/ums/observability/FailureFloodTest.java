package ums.observability;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import ums.channel.ErrorType;
import ums.channel.Failure;
import ums.logging.MessageLines;
import ums.message.MessageEvents.AttemptsSettled;
import ums.message.MessageStatus;
import ums.message.Settled;

/** A provider's outage is logged in fifty lines and a summary. */
class FailureFloodTest {

    private final FailureFlood flood = new FailureFlood();

    @RegisterExtension
    final MessageLines lines = new MessageLines();

    @Test
    void theFirstHaveALineEachAndTheOthersASummary() {
        int admitted = 0;
        for (int i = 0; i < 1_000; i++) {
            admitted += flood.admits(ErrorType.CONNECTION, "email", UUID.randomUUID()) ? 1 : 0;
        }
        assertThat(admitted).isEqualTo(FailureFlood.LINES);
        assertThat(flood.admits(ErrorType.REJECTED, "email", UUID.randomUUID())).isTrue();

        flood.summarize();
        assertThat(lines.all()).singleElement().satisfies(it -> {
            assertThat(it.getFormattedMessage()).contains("950 more attempts failed with CONNECTION");
            assertThat(it.getKeyValuePairs()).extracting(pair -> pair.key).contains("errorType", "channel", "attempts");
        });
        assertThat(flood.admits(ErrorType.CONNECTION, "email", UUID.randomUUID()))
                .isTrue();

        flood.summarize();
        assertThat(lines.all()).hasSize(1);
    }

    @Test
    void waitingForAPermittedHourIsNotAFailure() {
        MessageLogListener listener = new MessageLogListener();
        Failure night = Failure.of(ErrorType.POLICY, "it is night");
        Instant morning = Instant.parse("2026-12-01T23:00:00Z");
        for (int i = 0; i < 2 * FailureFlood.LINES; i++) {
            listener.onSettled(new AttemptsSettled(
                    List.of(Settled.one(UUID.randomUUID(), MessageStatus.RETRY, 1, night, morning))));
        }
        listener.summarize();

        assertThat(lines.all()).hasSize(2 * FailureFlood.LINES).allSatisfy(it -> {
            assertThat(it.getLevel()).isEqualTo(Level.INFO);
            assertThat(it.getFormattedMessage()).contains("waits", morning.toString());
            assertThat(it.getKeyValuePairs()).extracting(pair -> pair.key).doesNotContain("errorType");
        });
    }
}
