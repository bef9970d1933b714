package ums.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.event.ApplicationEvents;
import org.springframework.test.context.event.RecordApplicationEvents;
import ums.QueueStory;
import ums.message.MessageEvents.MessageEnded;

@RecordApplicationEvents
class ExpiryTest extends QueueStory {

    @Autowired
    Expiry expiry;

    @Autowired
    ApplicationEvents published;

    @Test
    void aMessageEndsWhenItsExpiryHasPassedAndNotBefore() {
        Instant at = clock.instant().plusSeconds(60).truncatedTo(ChronoUnit.MILLIS);
        UUID id = acceptUntil(at);
        UUID scheduled = accept(
                new Options(null, Map.of(), Purpose.NORMAL, Options.NONE.priority(), at.minusSeconds(1), at, null));
        UUID forever = accept();

        clock.set(at.minusMillis(1));
        expiry.run();
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.ACCEPTED);

        clock.set(at);
        expiry.run();
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.EXPIRED);
        assertThat(message(id).progress().attemptCount()).isZero();
        assertThat(message(scheduled).progress().status()).isEqualTo(MessageStatus.EXPIRED);
        assertThat(message(scheduled).progress().nextAttemptAt()).isNull();
        assertThat(message(forever).progress().status()).isEqualTo(MessageStatus.ACCEPTED);
        assertThat(messages.events(OWNER, id).orElseThrow())
                .extracting(TimelineEvent::type)
                .containsExactly("accepted", "expired");
        assertThat(outboxRows("published")).isEqualTo(2);
        assertThat(published.stream(MessageEnded.class))
                .allMatch(it ->
                        it.status() == MessageStatus.EXPIRED && it.subject().outboxId() > 0)
                .extracting(it -> it.subject().messageId())
                .containsExactlyInAnyOrder(id, scheduled);
    }

    @Test
    void moreThanOneStepIsDoneInOneRun() {
        Instant at = clock.instant().plusSeconds(60);
        messages.acceptAll(IntStream.range(0, 1_100)
                .mapToObj(_ -> new NewMessage(
                        new Sender(CLIENT, false, Set.of()),
                        "email",
                        content("a@example.com"),
                        new Options(null, Map.of(), Purpose.NORMAL, Options.NONE.priority(), null, at, null),
                        null))
                .toList());

        clock.set(at.plus(Duration.ofMillis(1)));
        expiry.run();

        assertThat(outboxRows("published")).isEqualTo(1_100);
        assertThat(jdbc.sql("select count(*) from message where status = 'EXPIRED'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1_100);
    }
}
