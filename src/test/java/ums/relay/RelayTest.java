package ums.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationEventPublisher;
import ums.QueueStory;
import ums.TestBroker;
import ums.queue.Claimant;
import ums.queue.DueEntries;
import ums.queue.Priority;
import ums.queue.Queue;
import ums.queue.RelayedQueue;

/** The relay, polled by the test, with a real broker. */
class RelayTest extends QueueStory {

    @Autowired
    RelayedQueue relayed;

    @Autowired
    Queue queue;

    @Autowired
    EventRepository events;

    @Autowired
    RelayLease lease;

    private final List<Object> notifications = new ArrayList<>();
    private final List<Relay> relays = new ArrayList<>();
    private boolean clockAgrees = true;

    @BeforeEach
    void noProcessHoldsTheLease() {
        jdbc.sql("truncate relay_lease, message_event").update();
    }

    @AfterEach
    void release() {
        relays.forEach(Relay::release);
    }

    @Test
    void atMostTenThousandEntriesAreRelayedAndOthersCanOvertakeTheRest() throws Exception {
        jdbc.sql("""
                        insert into outbox (aggregate_id, channel, priority, created_at)
                        select gen_random_uuid(), 'email', 2, now() from generate_series(1, 10100)
                        """).update();
        Relay relay = relay("one");

        pollAll(relay);

        assertThat(relayed.onTopic()).isEqualTo(TopicBacklog.MAX);
        assertThat(notifications).contains(new KafkaActivity.OnTopic(TopicBacklog.MAX));

        UUID high = accept(Priority.HIGH);
        List<Long> some = jdbc.sql("select id from outbox where relayed_at is not null order by id limit 300")
                .query(Long.class)
                .list();
        assertThat(relayed.claim(UUID.randomUUID(), new Claimant("a worker", false), some))
                .hasSize(300);
        pollAll(relay);

        assertThat(outboxRows("relayed_at is not null and priority = 0")).isEqualTo(1);
        assertThat(high).isNotNull();
        assertThat(relayed.onTopic()).isLessThanOrEqualTo(TopicBacklog.MAX);
    }

    @Test
    void aProcessWithClockSkewReleasesNoDelayedEntryButRelaysReadyOnes() throws Exception {
        Relay relay = relay("one");
        acceptFor(clock.instant().plusSeconds(30));
        accept();
        clockAgrees = false;
        clock.advance(Duration.ofHours(1));
        pollAll(relay);
        assertThat(outboxRows("next_attempt_at is not null")).isEqualTo(1);
        assertThat(relayed.onTopic()).isEqualTo(1);

        clockAgrees = true;
        clock.advance(Duration.ofHours(-1).plusSeconds(31));
        pollAll(relay);

        assertThat(relayed.onTopic()).isEqualTo(2);
    }

    @Test
    void aLeaseTakenBeforeTheDatabasesClockWasSetBackIsTakenOver() {
        assertThat(lease.hold("dead", Duration.ofSeconds(15))).isTrue();
        assertThat(lease.hold("one", Duration.ofSeconds(15))).isFalse();

        jdbc.sql("update relay_lease set until = until + interval '1 hour'").update();

        assertThat(lease.hold("one", Duration.ofSeconds(15))).isTrue();
        assertThat(lease.hold("another", Duration.ofSeconds(15))).isFalse();
    }

    @Test
    void oneProcessRelaysAndAnotherTakesOverWhenItReleasesTheLease() throws Exception {
        Relay one = relay("one");
        Relay other = relay("other");
        one.poll();
        accept();

        other.poll();
        assertThat(relayed.onTopic()).isZero();

        one.release();
        other.poll();
        assertThat(relayed.onTopic()).isEqualTo(1);
    }

    @Test
    void aProcessThatDoesNotRenewTheLeaseLosesIt() throws Exception {
        relay("frozen").poll();
        accept();
        jdbc.sql("update relay_lease set until = now() - interval '1 second'").update();

        relay("other").poll();

        assertThat(relayed.onTopic()).isEqualTo(1);
    }

    @Test
    void aDelayedEntryIsPublishedWhenItIsDue() throws Exception {
        acceptFor(clock.instant().plusSeconds(60));
        Relay relay = relay("one");
        relay.poll();
        assertThat(relayed.onTopic()).isZero();

        clock.advance(Duration.ofSeconds(61));
        relay.poll();

        assertThat(relayed.onTopic()).isEqualTo(1);
    }

    @Test
    void anEntryThatStaysUnclaimedIsPublishedAgain() throws Exception {
        accept();
        Relay relay = relay("one");
        relay.poll();
        jdbc.sql("update outbox set relayed_at = relayed_at - interval '3 minutes'")
                .update();

        clock.advance(Duration.ofSeconds(10));
        relay.poll();

        assertThat(notifications).contains(new KafkaActivity.Rescued(1));
        assertThat(outboxRows("relayed_at > now() - interval '1 minute'")).isEqualTo(1);
        assertThat(notifications.stream().filter(new KafkaActivity.Published(KafkaClients.OUTBOX, 1)::equals))
                .hasSize(2);
    }

    @Test
    void anUnexpectedExceptionDoesNotEndTheRelay() {
        accept();
        AtomicBoolean broken = new AtomicBoolean(true);
        RelayLoop loop = new RelayLoop(
                relay("one", it -> {
                    if (broken.getAndSet(false)) {
                        throw new IllegalStateException("a listener's fault");
                    }
                }),
                notifications::add);

        loop.start();
        try {
            await().until(() -> relayed.onTopic() == 1);
        } finally {
            loop.stop();
        }

        assertThat(notifications).containsExactly(new KafkaActivity.Fault("relay"));
    }

    private Relay relay(String owner) {
        return relay(owner, notifications::add);
    }

    private Relay relay(String owner, ApplicationEventPublisher listener) {
        Relay relay = new Relay(
                new TopicBacklog(relayed, Duration.ofMinutes(2), listener),
                new DueEntries(queue, () -> clockAgrees),
                events,
                new LeaseHolder(lease, owner),
                new RecordPublisher(
                        new KafkaClients(new KafkaProperties(TestBroker.address(), 2, (short) -1, Map.of())), listener),
                clock);
        relays.add(relay);
        return relay;
    }

    private static void pollAll(Relay relay) throws InterruptedException {
        while (relay.poll().isZero()) {
            // Poll until nothing is left.
        }
    }
}
