package ums.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import ums.QueueStory;
import ums.channel.Channels;

/**
 * A session holds a snapshot from before twenty thousand entries were appended and settled, so PostgreSQL keeps all their dead
 * rows and index entries, in a queue that vacuum found empty.
 */
class OldSnapshotTest extends QueueStory {

    private static final int DEAD = 20_000;
    private static final Claimant CLAIMANT = new Claimant("a test", false);

    private static final Orphans STALE = new Orphans(
            List.of(new ProcessBeat("dead", "2026-11-29 00:00:00+00")),
            List.of(new StandingClaim(1, UUID.randomUUID())));

    private final LongClock time = new LongClock();

    @Autowired
    Queue queue;

    @Autowired
    ClaimRepository claims;

    @Autowired
    Channels channels;

    @Autowired
    OldestClaim oldestClaim;

    @Autowired
    DataSource dataSource;

    private Connection snapshot;

    @BeforeEach
    void deadEntries(@Autowired DataSource source) throws SQLException {
        snapshot = source.getConnection();
        snapshot.setAutoCommit(false);
        snapshot.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (Statement statement = snapshot.createStatement()) {
            statement.execute("select 1");
        }
        jdbc.sql("""
                insert into outbox (aggregate_id, channel, priority, created_at)
                select gen_random_uuid(), 'email', 1, now() from generate_series(1, :dead)
                """).param("dead", DEAD).update();
        jdbc.sql("""
                update outbox
                set state = 'PROCESSING', processing_started_at = now() - interval '3 minutes', claim_token = gen_random_uuid()
                """).update();
        jdbc.sql("""
                update outbox
                set state = 'DONE', published_at = now(), processing_started_at = null, claim_token = null
                """).update();
        jdbc.sql("vacuum (analyze) outbox").update();
    }

    @AfterEach
    void endTheSnapshot() throws SQLException {
        snapshot.rollback();
        snapshot.close();
        jdbc.sql("vacuum outbox").update();
    }

    @Test
    void eachStatementOnTheQueueScansAnIndexOfItsOwnOnce() {
        long[] beginning = new long[3];
        assertThat(entriesRead(
                        () -> claims.claim("email", UUID.randomUUID(), CLAIMANT, 64, clock.instant(), beginning)))
                .isEqualTo(Map.of("outbox_ready", (long) DEAD));
        assertThat(entriesRead(
                        () -> claims.claimOldest("email", UUID.randomUUID(), CLAIMANT, 4, clock.instant(), beginning)))
                .isEqualTo(Map.of("outbox_ready", (long) DEAD));
        assertThat(entriesRead(() -> queue.takeOver(UUID.randomUUID(), STALE, 10)))
                .isEqualTo(Map.of("outbox_processing", (long) DEAD));
        assertThat(entriesRead(() -> queue.standing(10))).isEqualTo(Map.of("outbox_processing", (long) DEAD));
        assertThat(entriesRead(() -> queue.releaseDue(clock.instant(), 10))).isEmpty();
        assertThat(entriesRead(() -> queue.expire(clock.instant(), 10))).isEmpty();
        assertThat(entriesRead(() -> queue.withdraw(UUID.randomUUID()))).isEmpty();
        assertThat(entriesRead(() -> queue.position(UUID.randomUUID()))).isEmpty();
        QueueCounts counts = new QueueCounts(jdbc, channels, oldestClaim);
        assertThat(entriesRead(counts::count))
                .isEqualTo(Map.of("outbox_ready", (long) DEAD, "outbox_processing", (long) DEAD));
        assertThat(entriesRead(() -> counts.oldestDue(clock.instant())))
                .containsOnly(Map.entry("outbox_ready", (long) DEAD), Map.entry("outbox_pkey", 1L));
    }

    /** The planner's choice depends on its estimates. So the index is dropped, to show that the statement has no other. */
    @Test
    void noStatementOnTheQueueHasAnotherIndexToChoose() {
        long[] beginning = new long[3];
        Runnable claim = () -> claims.claim("email", UUID.randomUUID(), CLAIMANT, 64, clock.instant(), beginning);
        Runnable claimOldest =
                () -> claims.claimOldest("email", UUID.randomUUID(), CLAIMANT, 4, clock.instant(), beginning);

        assertThat(entriesReadWithout("drop index outbox_ready", claim)).isEmpty();
        assertThat(entriesReadWithout("drop index outbox_ready", claimOldest)).isEmpty();
        assertThat(entriesReadWithout("alter table outbox drop constraint outbox_pkey", claimOldest))
                .isEmpty();
        assertThat(entriesReadWithout(
                        "drop index outbox_processing", () -> queue.takeOver(UUID.randomUUID(), STALE, 10)))
                .isEmpty();
        assertThat(entriesReadWithout("drop index outbox_processing", () -> queue.standing(10)))
                .isEmpty();
        assertThat(entriesReadWithout("drop index outbox_delayed", () -> queue.releaseDue(clock.instant(), 10)))
                .isEmpty();
    }

    @Test
    void onlyFullScansReadDeadEntriesAndTheOthersCountTheSame() {
        QueueCounts counts = new QueueCounts(jdbc, channels, oldestClaim, FullScan.periodic(time::next));
        accept();
        accept();
        queue.claim(UUID.randomUUID(), CLAIMANT, 1);
        // Two full scans that seem to take a second each: the next ones are not full.
        time.step = Duration.ofSeconds(1).toNanos();
        count(counts);
        count(counts);
        time.step = 0;
        count(counts);

        long read = entriesRead(() -> count(counts)).values().stream()
                .mapToLong(Long::longValue)
                .sum();

        assertThat(read).isLessThan(DEAD / 100);
        assertThat(counts.count()).isEqualTo(new QueueCounts.Counts(1, 0, 1));
        assertThat(counts.oldestDue(clock.instant().plusSeconds(1))).isPresent();
        accept();
        assertThat(counts.count()).isEqualTo(new QueueCounts.Counts(2, 0, 1));
    }

    @Test
    void anEntryBelowTheFloorIsCountedByTheNextFullScan() {
        QueueCounts counts = new QueueCounts(jdbc, channels, oldestClaim, FullScan.periodic(time::next));
        accept();
        time.step = Duration.ofSeconds(1).toNanos();
        count(counts);
        count(counts);
        time.step = 0;
        count(counts);
        jdbc.sql("""
                update outbox set state = 'READY', published_at = null where id = (select min(id) from outbox)
                """).update();
        assertThat(counts.count().ready()).isEqualTo(1);

        time.now += Duration.ofMinutes(2).toNanos();

        assertThat(counts.count().ready()).isEqualTo(2);
    }

    private void count(QueueCounts counts) {
        counts.count();
        counts.oldestDue(clock.instant());
    }

    /** How many entries of each index were read; indexes of which none was read are left out. */
    private Map<String, Long> entriesRead(Runnable action) {
        return transaction.execute(_ -> {
            Map<String, Long> before = entriesRead();
            action.run();
            Map<String, Long> after = entriesRead();
            after.replaceAll((index, entries) -> entries - before.get(index));
            after.values().removeIf(entries -> entries == 0);
            return after;
        });
    }

    /** The entries read of partial indexes only, as the primary key may be scanned instead of the dropped one. */
    private Map<String, Long> entriesReadWithout(String drop, Runnable action) {
        return transaction.execute(status -> {
            status.setRollbackOnly();
            jdbc.sql(drop).update();
            Map<String, Long> read = entriesRead(action);
            read.remove("outbox_pkey");
            return read;
        });
    }

    /** Counted for this session alone, as other threads query the queue too. */
    private Map<String, Long> entriesRead() {
        return jdbc.sql("""
                        select indexrelid::regclass::text, pg_stat_get_xact_tuples_returned(indexrelid)
                        from pg_index where indrelid = 'outbox'::regclass
                        """).query((row, _) -> Map.entry(row.getString(1), row.getLong(2))).list().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Advances by a step each time it is read. */
    private static final class LongClock {

        private long now;
        private long step;

        private long next() {
            now += step;
            return now;
        }
    }
}
