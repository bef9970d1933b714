package ums.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import ums.QueueStory;
import ums.channel.ErrorType;
import ums.queue.Claimant;
import ums.queue.Priority;
import ums.queue.Queue;

/** The gauges show the state of the queue. */
class QueueSamplesTest extends QueueStory {

    @Autowired
    QueueSamples samples;

    @Autowired
    Queue queue;

    @Test
    void anEmptyQueueHasNothingWaiting() {
        QueueSample sample = sample();

        assertThat(sample.ready()).isZero();
        assertThat(sample.delayed()).isZero();
        assertThat(sample.processing()).isZero();
        assertThat(sample.oldestAge()).isZero();
        assertThat(sample.openFailures()).containsOnlyKeys(ErrorType.values());
    }

    @Test
    void eachStateIsCounted() {
        accept(Priority.HIGH);
        accept(Priority.LOW);
        accept();
        acceptFor(clock.instant().plusSeconds(60));
        queue.claim(UUID.randomUUID(), new Claimant("a test", false), 1);

        QueueSample sample = sample();

        assertThat(sample.ready()).isEqualTo(2);
        assertThat(sample.delayed()).isEqualTo(1);
        assertThat(sample.processing()).isEqualTo(1);
    }

    @Test
    void tensOfThousandsAreCountedForAllPrioritiesAndEqualTimes() {
        jdbc.sql("""
                insert into outbox (aggregate_id, channel, priority, created_at)
                select gen_random_uuid(), 'email', n % 3, now() from generate_series(1, 23000) n
                """).update();
        jdbc.sql("""
                insert into outbox (aggregate_id, channel, priority, state, created_at, next_attempt_at)
                select gen_random_uuid(), 'email', 1, 'DELAYED', now(), timestamptz '2099-01-01' from generate_series(1, 12000)
                """).update();
        QueueSample sample = sample();
        assertThat(sample.ready()).isEqualTo(23_000);
        assertThat(sample.delayed()).isEqualTo(12_000);

        jdbc.sql("update outbox set state = 'DONE', published_at = now() where id % 4 = 0 and state = 'READY'")
                .update();
        long ready = outboxRows("state = 'READY'");
        for (int i = 0; i < 3; i++) {
            assertThat((double) sample().ready()).isBetween(ready * 0.9, ready * 1.1);
        }
    }

    @Test
    void openFailuresAreCountedByType() {
        jdbc.sql("truncate send_failure").update();
        jdbc.sql("""
                insert into send_failure (id, message_id, outbox_id, error_type, attempt_count, occurred_at)
                select gen_random_uuid(), gen_random_uuid(), n, case when n <= 11000 then 'REJECTED' else 'INVALID' end, 1, now()
                from generate_series(1, 11002) n
                """).update();
        QueueSample sample = sample();
        jdbc.sql("truncate send_failure").update();

        assertThat(sample.openFailures())
                .containsEntry(ErrorType.REJECTED, 11_000L)
                .containsEntry(ErrorType.INVALID, 2L)
                .containsEntry(ErrorType.TIMEOUT, 0L);
    }

    @Test
    void theOldestIsTheLongestDue() {
        Instant noon = clock.instant();
        acceptFor(noon.plus(Duration.ofDays(30)));
        accept(Priority.LOW);
        clock.advance(Duration.ofSeconds(90));
        accept(Priority.HIGH);
        assertThat(sample().oldestAge()).isBetween(Duration.ofSeconds(90), Duration.ofMillis(90_010));

        queue.claim(UUID.randomUUID(), new Claimant("a test", false), 10);
        assertThat(sample().oldestAge()).isZero();
    }

    @Test
    void theAgeOfADelayedEntryStartsWhenItIsDue() {
        Instant due = clock.instant().plus(Duration.ofDays(30));
        acceptFor(due);
        clock.set(due.plusSeconds(7));
        assertThat(sample().oldestAge()).isBetween(Duration.ofMillis(6_990), Duration.ofMillis(7_010));

        queue.releaseDue(clock.instant(), 10);
        clock.advance(Duration.ofSeconds(3));

        assertThat(sample().ready()).isEqualTo(1);
        assertThat(sample().oldestAge()).isBetween(Duration.ofMillis(9_990), Duration.ofMillis(10_010));
    }

    @Test
    void delayedEntriesDoNotHideAnOlderOne() {
        jdbc.sql("""
                insert into outbox (aggregate_id, channel, priority, created_at, due_since)
                select gen_random_uuid(), 'email', 1, now() - interval '40 days', now() from generate_series(1, 3500)
                """).update();
        accept();
        clock.advance(Duration.ofMinutes(10));

        assertThat(sample().oldestAge())
                .isGreaterThanOrEqualTo(Duration.ofMinutes(10))
                .isLessThan(Duration.ofDays(1));
        assertThat(sample().oldestAge())
                .isGreaterThanOrEqualTo(Duration.ofMinutes(10))
                .isLessThan(Duration.ofDays(1));
    }

    private QueueSample sample() {
        samples.sample();
        return samples.latest().orElseThrow();
    }
}
