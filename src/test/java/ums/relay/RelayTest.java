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

/** The relay, turned by hand, with a real broker. */
class RelayTest extends QueueStory {

    @Autowired
    RelayedQueue relayed;

    @Autowired
    Queue outbox;

    @Autowired
    EventRepository events;

    @Autowired
    RelayLease lease;

    private final List<Object> news = new ArrayList<>();
    private final List<Relay> relays = new ArrayList<>();
    private boolean clockAgrees = true;

    @BeforeEach
    void nobodyRelays() {
        jdbc.sql("truncate relay_lease, message_event").update();
    }

    @AfterEach
    void leave() {
        relays.forEach(Relay::leave);
    }

    @Test
    void noMoreThanTenThousandAreOnTheTopicAndTheRestIsOvertaken() throws Exception {
        jdbc.sql("""
                        insert into outbox (aggregate_id, channel, priority, created_at)
                        select gen_random_uuid(), 'email', 2, now() from generate_series(1, 10100)
                        """).update();
        Relay relay = relay("one");

        turns(relay);

        assertThat(relayed.onTopic()).isEqualTo(Relay.MOST_ON_TOPIC);
        assertThat(news).contains(new KafkaNews.OnTopic(Relay.MOST_ON_TOPIC));

        UUID high = accept(Priority.HIGH);
        List<Long> some = jdbc.sql("select id from outbox where relayed_at is not null order by id limit 300")
                .query(Long.class)
                .list();
        assertThat(relayed.claim(UUID.randomUUID(), new Claimant("a worker", false), some))
                .hasSize(300);
        turns(relay);

        assertThat(outboxRows("relayed_at is not null and priority = 0")).isEqualTo(1);
        assertThat(high).isNotNull();
        assertThat(relayed.onTopic()).isLessThanOrEqualTo(Relay.MOST_ON_TOPIC);
    }

    @Test
    void aProcessWhoseClockIsWrongMakesNothingReadyAndRelaysWhatIs() throws Exception {
        Relay relay = relay("one");
        acceptFor(clock.instant().plusSeconds(30));
        accept();
        clockAgrees = false;
        clock.advance(Duration.ofHours(1));
        turns(relay);
        assertThat(outboxRows("next_attempt_at is not null")).isEqualTo(1);
        assertThat(relayed.onTopic()).isEqualTo(1);

        clockAgrees = true;
        clock.advance(Duration.ofHours(-1).plusSeconds(31));
        turns(relay);

        assertThat(relayed.onTopic()).isEqualTo(2);
    }

    @Test
    void aLeaseFromBeforeTheDatabasesClockWasSetBackKeepsNobodyFromRelaying() {
        assertThat(lease.hold("dead", Duration.ofSeconds(15))).isTrue();
        assertThat(lease.hold("one", Duration.ofSeconds(15))).isFalse();

        jdbc.sql("update relay_lease set until = until + interval '1 hour'").update();

        assertThat(lease.hold("one", Duration.ofSeconds(15))).isTrue();
        assertThat(lease.hold("another", Duration.ofSeconds(15))).isFalse();
    }

    @Test
    void oneRelaysAndAnotherTakesOverWhenItLeaves() throws Exception {
        Relay one = relay("one");
        Relay other = relay("other");
        one.turn();
        accept();

        other.turn();
        assertThat(relayed.onTopic()).isZero();

        one.leave();
        other.turn();
        assertThat(relayed.onTopic()).isEqualTo(1);
    }

    @Test
    void whoIsSilentForLongLosesTheLease() throws Exception {
        relay("frozen").turn();
        accept();
        jdbc.sql("update relay_lease set until = now() - interval '1 second'").update();

        relay("other").turn();

        assertThat(relayed.onTopic()).isEqualTo(1);
    }

    @Test
    void whatIsDelayedIsPublishedWhenItIsDue() throws Exception {
        acceptFor(clock.instant().plusSeconds(60));
        Relay relay = relay("one");
        relay.turn();
        assertThat(relayed.onTopic()).isZero();

        clock.advance(Duration.ofSeconds(61));
        relay.turn();

        assertThat(relayed.onTopic()).isEqualTo(1);
    }

    @Test
    void whatNobodyTookForLongIsPublishedAgain() throws Exception {
        accept();
        Relay relay = relay("one");
        relay.turn();
        jdbc.sql("update outbox set relayed_at = relayed_at - interval '3 minutes'")
                .update();

        clock.advance(Duration.ofSeconds(10));
        relay.turn();

        assertThat(news).contains(new KafkaNews.TakenBack(1));
        assertThat(outboxRows("relayed_at > now() - interval '1 minute'")).isEqualTo(1);
        assertThat(news.stream().filter(new KafkaNews.Published(KafkaClients.OUTBOX, 1)::equals))
                .hasSize(2);
    }

    @Test
    void noFaultOfWhateverKindEndsTheRelay() {
        accept();
        AtomicBoolean broken = new AtomicBoolean(true);
        RelayLoop loop = new RelayLoop(
                relay("one", it -> {
                    if (broken.getAndSet(false)) {
                        throw new IllegalStateException("a listener's fault");
                    }
                }),
                news::add);

        loop.start();
        try {
            await().until(() -> relayed.onTopic() == 1);
        } finally {
            loop.stop();
        }

        assertThat(news).containsExactly(new KafkaNews.Fault("relay"));
    }

    private Relay relay(String owner) {
        return relay(owner, news::add);
    }

    private Relay relay(String owner, ApplicationEventPublisher listener) {
        Relay relay = new Relay(
                relayed,
                new DueEntries(outbox, () -> clockAgrees),
                events,
                lease,
                new KafkaClients(new KafkaProperties(TestBroker.address(), 2, (short) -1, Map.of())),
                listener,
                clock,
                owner,
                Duration.ofMinutes(2));
        relays.add(relay);
        return relay;
    }

    private static void turns(Relay relay) throws InterruptedException {
        while (relay.turn().isZero()) {
            // There is more.
        }
    }
}
