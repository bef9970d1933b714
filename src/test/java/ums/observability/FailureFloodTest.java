package ums.observability;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import ums.channel.ErrorType;
import ums.logging.MessageLog;

/** A provider's bad day is told in fifty lines and a summary, not in a hundred thousand lines. */
class FailureFloodTest {

    private final FailureFlood flood = new FailureFlood();
    private final Logger logger = (Logger) LoggerFactory.getLogger(MessageLog.NAME);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(lines);
    }

    @Test
    void theFirstHaveALineEachAndTheOthersOneTogether() {
        int admitted = 0;
        for (int i = 0; i < 1_000; i++) {
            admitted += flood.admits(ErrorType.CONNECTION, "email", UUID.randomUUID()) ? 1 : 0;
        }
        assertThat(admitted).isEqualTo(FailureFlood.LINES);
        assertThat(flood.admits(ErrorType.REJECTED, "email", UUID.randomUUID())).isTrue();

        flood.summarize();
        assertThat(lines.list).singleElement().satisfies(it -> {
            assertThat(it.getFormattedMessage()).contains("950 more attempts failed with CONNECTION");
            assertThat(it.getKeyValuePairs()).extracting(pair -> pair.key).contains("errorType", "channel", "attempts");
        });
        assertThat(flood.admits(ErrorType.CONNECTION, "email", UUID.randomUUID()))
                .isTrue();

        flood.summarize();
        assertThat(lines.list).hasSize(1);
    }
}
