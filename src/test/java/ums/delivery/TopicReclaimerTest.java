package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import ums.QueueStory;
import ums.queue.Claimant;
import ums.queue.Queue;
import ums.queue.RelayedEntry;
import ums.queue.RelayedQueue;

/** Kafka was switched off while entries were on its topic. */
class TopicReclaimerTest extends QueueStory {

    @Autowired
    RelayedQueue relayed;

    @Autowired
    Queue queue;

    @Test
    void aProcessWithoutKafkaRescuesAllEntriesAtItsStartAndLaterTheOldOnes() {
        AtomicInteger wakeUps = new AtomicInteger();
        TopicReclaimer reclaimer = new TopicReclaimer(relayed, Duration.ofMinutes(2), wakeUps::incrementAndGet);
        accept();
        relay();

        reclaimer.rescue();

        assertThat(wakeUps).hasValue(1);
        assertThat(claimed()).isEqualTo(1);

        accept();
        relay();
        reclaimer.rescue();
        assertThat(claimed()).isZero();

        jdbc.sql("update outbox set relayed_at = relayed_at - interval '3 minutes' where relayed_at is not null")
                .update();
        reclaimer.rescue();
        assertThat(claimed()).isEqualTo(1);
    }

    private void relay() {
        List<Long> ids = relayed.next(10).stream().map(RelayedEntry::outboxId).toList();
        assertThat(ids).hasSize(1);
        relayed.published(ids);
    }

    private int claimed() {
        return queue.claim(UUID.randomUUID(), new Claimant("a test", false), 10).size();
    }
}
