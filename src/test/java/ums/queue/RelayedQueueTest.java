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

/** The database's part of the queue over Kafka: the test takes each step itself, without a broker. */
class RelayedQueueTest extends QueueStory {

    private static final Claimant WORKER = new Claimant("a worker", false);

    @Autowired
    RelayedQueue relayed;

    @Autowired
    Queue queue;

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
    void aRelayedEntryIsOpenAndAfterItsClaimItIsLikeAnyOther() {
        UUID id = accept();
        long entry = relay();
        assertThat(outboxRows("published and relayed_at is not null and published_at is not null"))
                .isEqualTo(1);
        assertThat(relayed.onTopic()).isEqualTo(1);
        assertThat(counts.count().ready()).isEqualTo(1);
        assertThat(counts.oldestDue(clock.instant().plusSeconds(60))).isPresent();
        assertThat(queue.isOpen(id)).isTrue();
        assertThat(queue.claim(UUID.randomUUID(), WORKER, 10)).isEmpty();

        Claim claim = claim(entry).getFirst();

        assertThat(claim.aggregateId()).isEqualTo(id);
        assertThat(claim.attempt()).isEqualTo(1);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.PROCESSING);
        assertThat(relayed.onTopic()).isZero();
        assertThat(claim(entry)).isEmpty();

        queue.settle(List.of(ClaimResult.published(claim)));
        assertThat(outboxRows("published and relayed_at is null and claim_token is null"))
                .isEqualTo(1);
        assertThat(claim(entry)).isEmpty();
        assertThat(queue.isOpen(id)).isFalse();
    }

    @Test
    void aWorkerMayClaimAnEntryBeforeTheRelayMarksItAsRelayed() {
        accept();
        long entry = relayed.next(10).getFirst().outboxId();

        Claim claim = claim(entry).getFirst();
        relayed.published(List.of(entry));
        assertThat(outboxRows("not published and claim_token is not null")).isEqualTo(1);

        queue.settle(List.of(ClaimResult.published(claim)));
        relayed.published(List.of(entry));
        assertThat(relayed.onTopic()).isZero();
    }

    @Test
    void aWorkerWaitsWhileTheRelayMarksAnEntryAndDoesNotSkipIt() {
        accept();
        long entry = relayed.next(10).getFirst().outboxId();
        CompletableFuture<List<Claim>> worker = new CompletableFuture<>();

        transaction.executeWithoutResult(_ -> {
            relayed.published(List.of(entry));
            Thread.ofVirtual().start(() -> worker.complete(claim(entry)));
            await().until(() -> jdbc.sql("""
                            select count(*) from pg_stat_activity
                            where datname = current_database() and wait_event_type = 'Lock'
                            """).query(Integer.class).single() == 1);
        });

        assertThat(worker.join()).hasSize(1);
    }

    @Test
    void aDelayedEntryIsNotClaimedByItsOldRecord() {
        accept();
        long entry = relay();
        Claim claim = claim(entry).getFirst();

        queue.settle(List.of(ClaimResult.delayed(claim, clock.instant().plusSeconds(10))));
        assertThat(claim(entry)).isEmpty();
        assertThat(relayed.next(10)).isEmpty();

        clock.advance(Duration.ofSeconds(11));
        queue.releaseDue(clock.instant(), 10);
        assertThat(relayed.next(10)).extracting(RelayedEntry::attemptCount).containsExactly(1);
        assertThat(relay()).isEqualTo(entry);
        assertThat(claim(entry).getFirst().attempt()).isEqualTo(2);
    }

    @Test
    void anEntryOnTheTopicCanBeCanceledAndItsRecordThenClaimsNothing() {
        UUID id = accept();
        long entry = relay();

        messages.cancel(OWNER, id);

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.CANCELED);
        assertThat(claim(entry)).isEmpty();
        assertThat(relayed.rescue(Duration.ZERO, 10)).isZero();
    }

    @Test
    void theSearchForWaitingMessagesFindsOneOnTheTopic() {
        UUID id = accept();
        long entry = relay();
        assertThat(found(MessageStatus.ACCEPTED)).containsExactly(id);

        claim(entry);

        assertThat(found(MessageStatus.ACCEPTED)).isEmpty();
        assertThat(found(MessageStatus.PROCESSING)).containsExactly(id);
    }

    @Test
    void entriesOnTheTopicStandBeforeReadyOnesInTheQueue() {
        UUID first = accept();
        relay();
        UUID second = accept();
        relay();
        UUID notYet = accept();

        assertThat(Stream.of(first, second, notYet)
                        .map(it -> queue.position(it).orElseThrow().ahead()))
                .containsExactly(0, 1, 2);
    }

    @Test
    void anEntryOnTheTopicExpires() {
        UUID id = acceptUntil(clock.instant().plusSeconds(60));
        long entry = relay();
        clock.advance(Duration.ofSeconds(61));

        assertThat(claim(entry)).isEmpty();
        expiry.run();

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.EXPIRED);
        assertThat(relayed.onTopic()).isZero();
    }

    @Test
    void anEntryRelayedBeforeTheDatabasesClockWasSetBackIsRescued() {
        accept();
        relay();
        jdbc.sql("update outbox set relayed_at = relayed_at + interval '1 hour'")
                .update();

        assertThat(relayed.rescue(Duration.ofMinutes(2), 10)).isEqualTo(1);
    }

    @Test
    void anEntryThatIsOnTheTopicForTooLongIsRescuedWithOrWithoutKafka() {
        accept();
        long entry = relay();
        assertThat(relayed.rescue(Duration.ofMinutes(2), 10)).isZero();
        jdbc.sql("update outbox set relayed_at = relayed_at - interval '3 minutes'")
                .update();

        assertThat(relayed.rescue(Duration.ofMinutes(2), 10)).isEqualTo(1);

        assertThat(relayed.next(10)).extracting(RelayedEntry::outboxId).containsExactly(entry);
        assertThat(queue.claim(UUID.randomUUID(), WORKER, 10))
                .extracting(Claim::outboxId)
                .containsExactly(entry);
    }

    @Test
    void retentionKeepsEntriesOnTheTopic() {
        accept();
        relay();
        clock.advance(Duration.ofDays(30));

        queue.removePublished(clock.instant(), 0, 10);

        assertThat(relayed.onTopic()).isEqualTo(1);
    }

    @Test
    void highEntriesAreRelayedFirstAndSomeOfTheOldestInAnyCase() {
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
    void changesOfStatusBecomeEventsOnlyOverConnectionsThatSwitchThemOn() {
        accept();
        assertThat(events()).isEmpty();

        UUID id = transaction.execute(_ -> {
            jdbc.sql("set local ums.events = 'on'").update();
            return accept();
        });
        long entry = relayed.next(10).stream()
                .filter(it -> it.messageId().equals(id))
                .findFirst()
                .orElseThrow()
                .outboxId();
        claim(entry);

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
        long entry = relayed.next(1).getFirst().outboxId();
        relayed.published(List.of(entry));
        return entry;
    }

    private List<Claim> claim(long entry) {
        return relayed.claim(UUID.randomUUID(), WORKER, List.of(entry));
    }
}
