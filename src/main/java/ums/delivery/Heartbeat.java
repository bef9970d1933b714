package ums.delivery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import ums.clock.ClockSkew;
import ums.clock.Clocks;
import ums.clock.Clocks.Reading;
import ums.lifecycle.VitalThread;

/**
 * Writes this process's heartbeat, on a thread and a connection of its own, so that neither a busy pool nor a busy processor
 * delays it. The heartbeat is the database's time; the lease is measured by this process's monotonic clock. That clock stands
 * still while the machine is suspended. So the lease also ends where the wall clock or the database's clock has moved apart
 * from it by seconds, as by a missed heartbeat.
 */
final class Heartbeat implements SmartLifecycle, VitalThread {

    private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);
    private static final String THREAD = "heartbeat";
    /** Started before the loop that claims, and stopped after it. */
    private static final int PHASE = Integer.MAX_VALUE - 1;

    private static final Duration LONGEST_DRIFT = Duration.ofSeconds(5);

    private final String owner;
    private final Connections connections;
    private final long timeoutNanos;
    private final long driftNanos;
    private final Clocks clocks;
    private final ClockSkew skew;
    private final long createdAt;
    private volatile boolean running;
    private volatile @Nullable Beat last;
    private volatile long noGapSince;
    private volatile @Nullable Thread thread;
    private @Nullable Connection connection;

    /**
     * @param owner the owner of this process's claims
     * @param connections opens a connection outside the pool
     * @param timeout the heartbeat age at which a process is declared dead
     * @param clocks the two clocks of this machine
     * @param skew measures the database's clock at each heartbeat
     */
    Heartbeat(String owner, Connections connections, Duration timeout, Clocks clocks, ClockSkew skew) {
        this.owner = owner;
        this.connections = connections;
        this.timeoutNanos = timeout.toNanos();
        // A lease ends at two thirds of the timeout: an unnoticed gap must fit into the last third.
        this.driftNanos = Math.min(LONGEST_DRIFT.toNanos(), timeoutNanos / 3);
        this.clocks = clocks;
        this.skew = skew;
        this.createdAt = clocks.nanoTime().getAsLong();
    }

    /** The owner of this process's claims. */
    String owner() {
        return owner;
    }

    /**
     * Whether this process may begin a send or write a final dot: its last heartbeat is younger than two thirds of the timeout
     * by both clocks, so that no other process can have declared it dead.
     */
    boolean isLeaseValid() {
        Beat beat = last;
        if (beat == null) {
            return false;
        }
        Reading now = clocks.read();
        return now.nanos() - beat.at.nanos() < timeoutNanos / 3 * 2 && !apart(now.drift(beat.at));
    }

    private boolean apart(Duration drift) {
        return drift.abs().toNanos() >= driftNanos;
    }

    /** Whether a heartbeat was ever written. */
    boolean hasBeaten() {
        return last != null;
    }

    /** The time since the last heartbeat, or since the start where there was none. */
    Duration heartbeatAge() {
        Beat beat = last;
        return Duration.ofNanos(clocks.nanoTime().getAsLong() - (beat == null ? createdAt : beat.at.nanos()));
    }

    /**
     * The lease of claims that are made after this call: valid while the heartbeat has had no gap since. A process that was
     * suspended and goes on has a heartbeat at once, but its earlier claims may belong to another owner.
     */
    BooleanSupplier lease() {
        long from = clocks.nanoTime().getAsLong();
        return () -> isLeaseValid() && noGapSince - from <= 0;
    }

    /**
     * Whether this process may declare others dead: its heartbeat has had no gap for a full timeout, so that after an outage of
     * the database every process had the time for a heartbeat.
     */
    boolean mayReap() {
        return isLeaseValid() && clocks.nanoTime().getAsLong() - noGapSince >= timeoutNanos;
    }

    /** Writes one heartbeat. */
    void beat() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = connections.open();
            connection = open;
        }
        Reading startedAt = clocks.read();
        Instant database;
        try (PreparedStatement statement = open.prepareStatement("""
                insert into process (id, beat_at) values (?, now())
                on conflict (id) do update set beat_at = excluded.beat_at
                returning beat_at
                """)) {
            statement.setString(1, owner);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                database = row.getObject(1, OffsetDateTime.class).toInstant();
            }
        }
        skew.measured(startedAt, database);
        Beat before = last;
        Beat beat = new Beat(startedAt, database, clocks.nanoTime().getAsLong() - startedAt.nanos());
        if (before == null || isGap(before, beat)) {
            noGapSince = startedAt.nanos();
        }
        last = beat;
    }

    /** Both clocks of a suspended guest may stand still: only the database's clock shows that gap. */
    private boolean isGap(Beat before, Beat beat) {
        long elapsed = beat.at.nanos() - before.at.nanos();
        long unnoticed = Duration.between(before.database, beat.database).toNanos()
                - elapsed
                - before.roundTripNanos
                - beat.roundTripNanos;
        return elapsed >= timeoutNanos / 3 * 2 || apart(beat.at.drift(before.at)) || unnoticed >= driftNanos;
    }

    @Override
    public synchronized void start() {
        try {
            beat();
        } catch (SQLException e) {
            log.warn("The first heartbeat failed; nothing is claimed before there is one: {}", e.toString());
        }
        running = true;
        thread = Thread.ofPlatform().name(THREAD).daemon().start(this::run);
    }

    private void run() {
        boolean missed = false;
        while (running) {
            LockSupport.parkNanos(timeoutNanos / 5);
            try {
                beat();
                missed = false;
            } catch (SQLException | RuntimeException | Error e) {
                if (!missed) {
                    missed = true;
                    log.warn("A heartbeat failed: {}", e.toString());
                }
                close();
            }
        }
    }

    /** Deregisters this process, so that the claims it leaves are rescued at once. */
    @Override
    public synchronized void stop() {
        Thread beating = thread;
        if (!running || beating == null) {
            return;
        }
        running = false;
        LockSupport.unpark(beating);
        try {
            beating.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return;
        }
        Connection open = connection;
        if (open != null) {
            try (PreparedStatement statement = open.prepareStatement("delete from process where id = ?")) {
                statement.setString(1, owner);
                statement.executeUpdate();
            } catch (SQLException e) {
                log.debug("Not deregistered: {}", e.toString());
            }
        }
        close();
    }

    private void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                log.debug("A broken connection was not closed: {}", e.toString());
            }
        }
    }

    @Override
    public String threadName() {
        return THREAD;
    }

    @Override
    public boolean isGone() {
        Thread beating = thread;
        return running && beating != null && !beating.isAlive();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** A stopped process cannot be started again: its claims are left to other processes. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /**
     * A heartbeat that was written.
     *
     * @param at when its statement was sent
     * @param database when it was written, by the database's clock
     * @param roundTripNanos how long the statement took
     */
    private record Beat(Reading at, Instant database, long roundTripNanos) {}

    /** Opens connections outside the pool. */
    interface Connections {
        Connection open() throws SQLException;
    }
}
