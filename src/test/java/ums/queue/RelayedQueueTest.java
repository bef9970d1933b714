package ums.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import ums.QueueStory;
import ums.message.Expiry;
import ums.message.Message;
import ums.message.MessageQuery;
import ums.message.MessageSearch;
import ums.message.MessageStatus;

/** The queue as it moves over a topic, seen from the database: every step by hand, and no Kafka. */
class RelayedQueueTest extends QueueStory {

    private static final Claimant WORKER = new Claimant("a worker", false);

    @Autowired
    RelayedQueue relayed;

    @Autowired
    Queue outbox;

    @Autowired
    QueueRepository orders;

    @Autowired
    Expiry expiry;

    @Autowired
    QueueCounts counts;

    @Autowired
    MessageSearch search;

    @BeforeEach
    void noEvents() {
        jdbc.sql("truncate message_event").update();
    }

    @Test
    void whatIsPublishedIsOpenUntilItIsClaimedAndThenItGoesItsUsualWay() {
        UUID id = accept();
        long order = relay();
        assertThat(outboxRows("published and relayed_at is not null and published_at is not null"))
                .isEqualTo(1);
        assertThat(relayed.onTopic()).isEqualTo(1);
        assertThat(counts.count().ready()).isEqualTo(1);
        assertThat(counts.oldestDue(clock.instant().plusSeconds(60))).isPresent();
        assertThat(orders.isOpen(id)).isTrue();
        assertThat(outbox.claim(UUID.randomUUID(), WORKER, 10)).isEmpty();

        Claim claim = claim(order).getFirst();

        assertThat(claim.aggregateId()).isEqualTo(id);
        assertThat(claim.attempt()).isEqualTo(1);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.PROCESSING);
        assertThat(relayed.onTopic()).isZero();
        assertThat(claim(order)).isEmpty();

        outbox.settle(List.of(ClaimResult.published(claim)));
        assertThat(outboxRows("published and relayed_at is null and claim_token is null"))
                .isEqualTo(1);
        assertThat(claim(order)).isEmpty();
        assertThat(orders.isOpen(id)).isFalse();
    }

    @Test
    void aWorkerThatIsQuickerThanTheRelaysNoteHasTheOrder() {
        accept();
        long order = relayed.next(10).getFirst().outboxId();

        Claim claim = claim(order).getFirst();
        relayed.published(List.of(order));
        assertThat(outboxRows("not published and claim_token is not null")).isEqualTo(1);

        outbox.settle(List.of(ClaimResult.published(claim)));
        relayed.published(List.of(order));
        assertThat(relayed.onTopic()).isZero();
    }

    @Test
    void aWorkerWaitsForTheRelaysNoteAndDoesNotPassTheOrderOver() {
        accept();
        long order = relayed.next(10).getFirst().outboxId();
        CompletableFuture<List<Claim>> worker = new CompletableFuture<>();

        transaction.executeWithoutResult(_ -> {
            relayed.published(List.of(order));
            Thread.ofVirtual().start(() -> worker.complete(claim(order)));
            await().until(() -> jdbc.sql("""
                            select count(*) from pg_stat_activity
                            where datname = current_database() and wait_event_type = 'Lock'
                            """).query(Integer.class).single() == 1);
        });

        assertThat(worker.join()).hasSize(1);
    }

    @Test
    void whatIsPutOffIsNotClaimedByItsOldRecord() {
        accept();
        long order = relay();
        Claim claim = claim(order).getFirst();

        outbox.settle(List.of(ClaimResult.delayed(claim, clock.instant().plusSeconds(10))));
        assertThat(claim(order)).isEmpty();
        assertThat(relayed.next(10)).isEmpty();

        clock.advance(Duration.ofSeconds(11));
        outbox.releaseDue(clock.instant(), 10);
        assertThat(relayed.next(10)).extracting(RelayedEntry::attemptCount).containsExactly(1);
        assertThat(relay()).isEqualTo(order);
        assertThat(claim(order).getFirst().attempt()).isEqualTo(2);
    }

    @Test
    void whatIsOnTheTopicCanBeCanceledAndItsRecordThenFindsNothing() {
        UUID id = accept();
        long order = relay();

        messages.cancel(OWNER, id);

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.CANCELED);
        assertThat(claim(order)).isEmpty();
        assertThat(relayed.rescue(Duration.ZERO, 10)).isZero();
    }

    @Test
    void whatIsOnTheTopicIsFoundAmongWhatWaits() {
        UUID id = accept();
        long order = relay();
        assertThat(found(MessageStatus.ACCEPTED)).containsExactly(id);

        claim(order);

        assertThat(found(MessageStatus.ACCEPTED)).isEmpty();
        assertThat(found(MessageStatus.PROCESSING)).containsExactly(id);
    }

    @Test
    void whatIsOnTheTopicHasAPlaceInTheQueueBeforeWhatIsNotThereYet() {
        UUID first = accept();
        relay();
        UUID second = accept();
        relay();
        UUID notYet = accept();

        assertThat(Stream.of(first, second, notYet)
                        .map(it -> orders.place(it).orElseThrow().ahead()))
                .containsExactly(0, 1, 2);
    }

    @Test
    void whatIsOnTheTopicExpires() {
        UUID id = acceptUntil(clock.instant().plusSeconds(60));
        long order = relay();
        clock.advance(Duration.ofSeconds(61));

        assertThat(claim(order)).isEmpty();
        expiry.run();

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.EXPIRED);
        assertThat(relayed.onTopic()).isZero();
    }

    @Test
    void whatWasRelayedBeforeTheDatabasesClockWasSetBackIsReadyAgain() {
        accept();
        relay();
        jdbc.sql("update outbox set relayed_at = relayed_at + interval '1 hour'")
                .update();

        assertThat(relayed.rescue(Duration.ofMinutes(2), 10)).isEqualTo(1);
    }

    @Test
    void whatIsOnTheTopicForTooLongIsReadyAgainWithOrWithoutKafka() {
        accept();
        long order = relay();
        assertThat(relayed.rescue(Duration.ofMinutes(2), 10)).isZero();
        jdbc.sql("update outbox set relayed_at = relayed_at - interval '3 minutes'")
                .update();

        assertThat(relayed.rescue(Duration.ofMinutes(2), 10)).isEqualTo(1);

        assertThat(relayed.next(10)).extracting(RelayedEntry::outboxId).containsExactly(order);
        assertThat(outbox.claim(UUID.randomUUID(), WORKER, 10))
                .extracting(Claim::outboxId)
                .containsExactly(order);
    }

    @Test
    void retentionLeavesWhatIsOnTheTopic() {
        accept();
        relay();
        clock.advance(Duration.ofDays(30));

        outbox.removePublished(clock.instant(), 0, 10);

        assertThat(relayed.onTopic()).isEqualTo(1);
    }

    @Test
    void highIsPublishedFirstAndSomeOfTheOldestInAnyCase() {
        for (int i = 0; i < 3; i++) {
            accept(Priority.LOW);
        }
        for (int i = 0; i < 40; i++) {
            accept(Priority.HIGH);
        }

        assertThat(relayed.next(16))
                .extracting(RelayedEntry::priority)
                .startsWith(Priority.HIGH)
                .endsWith(Priority.LOW)
                .hasSize(16);
        assertThat(relayed.next(43))
                .extracting(RelayedEntry::outboxId)
                .doesNotHaveDuplicates()
                .hasSize(43);
    }

    @Test
    void changesOfStatusAreWrittenDownOnlyOverConnectionsThatSaySo() {
        accept();
        assertThat(events()).isEmpty();

        UUID id = transaction.execute(_ -> {
            jdbc.sql("set local ums.events = 'on'").update();
            return accept();
        });
        long order = relayed.next(10).stream()
                .filter(it -> it.messageId().equals(id))
                .findFirst()
                .orElseThrow()
                .outboxId();
        claim(order);

        assertThat(events()).containsExactly(id + " ACCEPTED 0", id + " PROCESSING 1");
    }

    private List<UUID> found(MessageStatus status) {
        return search.find(MessageQuery.of(OWNER).withStatus(status), null, 10).messages().stream()
                .map(Message::id)
                .toList();
    }

    private List<String> events() {
        return jdbc.sql("select message_id || ' ' || status || ' ' || attempt from message_event order by id")
                .query(String.class)
                .list();
    }

    private long relay() {
        long order = relayed.next(1).getFirst().outboxId();
        relayed.published(List.of(order));
        return order;
    }

    private List<Claim> claim(long order) {
        return relayed.claim(UUID.randomUUID(), WORKER, List.of(order));
    }
}
