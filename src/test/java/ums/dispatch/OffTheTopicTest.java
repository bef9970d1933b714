package ums.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import ums.QueueStory;
import ums.outbox.Claimant;
import ums.outbox.OutboxService;
import ums.outbox.RelayedOrder;
import ums.outbox.RelayedOutbox;

/** Kafka was switched off while orders were on its topic. */
class OffTheTopicTest extends QueueStory {

    @Autowired
    RelayedOutbox relayed;

    @Autowired
    OutboxService outbox;

    @Test
    void aProcessWithoutKafkaTakesUpAllOfThemAtItsStartAndLaterWhatIsLeftThereForLong() {
        AtomicInteger woken = new AtomicInteger();
        OffTheTopic offTheTopic = new OffTheTopic(relayed, Duration.ofMinutes(2), woken::incrementAndGet);
        accept();
        relay();

        offTheTopic.takeBack();

        assertThat(woken).hasValue(1);
        assertThat(claimed()).isEqualTo(1);

        accept();
        relay();
        offTheTopic.takeBack();
        assertThat(claimed()).isZero();

        jdbc.sql("update outbox set relayed_at = relayed_at - interval '3 minutes' where relayed_at is not null")
                .update();
        offTheTopic.takeBack();
        assertThat(claimed()).isEqualTo(1);
    }

    private void relay() {
        List<Long> ids = relayed.next(10).stream().map(RelayedOrder::outboxId).toList();
        assertThat(ids).hasSize(1);
        relayed.published(ids);
    }

    private int claimed() {
        return outbox.claim(UUID.randomUUID(), new Claimant("a test", false), 10)
                .size();
    }
}
