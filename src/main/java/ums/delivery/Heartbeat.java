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
 * Tells the others that this process lives, on a thread and a connection of its own, so that a busy pool or a busy
 * processor cannot make it look dead. The beat is the database's clock; what this process may still do is told by its own
 * monotonic one. That stands still while the machine is suspended, so the wall clock is asked too: where the two, or the
 * database's clock and the monotonic one, have moved apart by seconds, time has passed that was not noticed, and the lease
 * is lost as by a missed beat.
 */
final class Heartbeat implements SmartLifecycle, VitalThread {

    private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);
    private static final String THREAD = "heartbeat";
    /** Before the loop that claims, and stopped after it. */
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
    private volatile long steadySince;
    private volatile @Nullable Thread thread;
    private @Nullable Connection connection;

    /**
     * @param owner what claims are signed with
     * @param connections opens a connection outside the pool
     * @param timeout how long a process may be silent before it is given up
     * @param clocks the two clocks of this machine
     * @param skew is told at each beat what the database's clock says
     */
    Heartbeat(String owner, Connections connections, Duration timeout, Clocks clocks, ClockSkew skew) {
        this.owner = owner;
        this.connections = connections;
        this.timeoutNanos = timeout.toNanos();
        // A lease ends at two thirds of the timeout: a gap that is not noticed must fit in what is left of it.
        this.driftNanos = Math.min(LONGEST_DRIFT.toNanos(), timeoutNanos / 3);
        this.clocks = clocks;
        this.skew = skew;
        this.createdAt = clocks.nanoTime().getAsLong();
    }

    /** What this process's claims are signed with. */
    String owner() {
        return owner;
    }

    /**
     * Whether this process may begin a send or write a final dot: its last beat is younger than two thirds of the timeout,
     * so that nobody can have given it up yet, and both clocks say so.
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

    /** Whether the others have heard of it at all. */
    boolean hasBeaten() {
        return last != null;
    }

    /** How long ago it was heard of last; how long it has been there, where it never was. */
    Duration heartbeatAge() {
        Beat beat = last;
        return Duration.ofNanos(clocks.nanoTime().getAsLong() - (beat == null ? createdAt : beat.at.nanos()));
    }

    /**
     * Leave to act on what is claimed after this call, for as long as this process is heard of without a gap. One that was
     * stopped and goes on beats at once and is alive again, but what it had claimed before may be somebody else's.
     */
    BooleanSupplier lease() {
        long from = clocks.nanoTime().getAsLong();
        return () -> isLeaseValid() && steadySince - from <= 0;
    }

    /**
     * Whether this process may give up others: it has beaten without a gap for a full timeout, so that after an outage of
     * the database everybody had the time to be heard.
     */
    boolean mayReap() {
        return isLeaseValid() && clocks.nanoTime().getAsLong() - steadySince >= timeoutNanos;
    }

    /** One beat; the loop's, and by hand in tests. */
    void beat() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = connections.open();
            connection = open;
        }
        Reading begun = clocks.read();
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
        skew.measured(begun, database);
        Beat before = last;
        Beat beat = new Beat(begun, database, clocks.nanoTime().getAsLong() - begun.nanos());
        if (before == null || gap(before, beat)) {
            steadySince = begun.nanos();
        }
        last = beat;
    }

    /** A guest that was paused may find both its clocks where they were: then only the database tells. */
    private boolean gap(Beat before, Beat beat) {
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

    /** Says goodbye, so that what a drain left behind is taken back at once. */
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
                log.debug("No goodbye: {}", e.toString());
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
                log.debug("A broken connection: {}", e.toString());
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

    /** A stop is for good: it hands the process's claims over to whoever goes on. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /**
     * A beat that was written.
     *
     * @param at when it was begun
     * @param database when it was written, by the database's clock
     * @param roundTripNanos how long that took
     */
    private record Beat(Reading at, Instant database, long roundTripNanos) {}

    /** Opens connections outside the pool. */
    interface Connections {
        Connection open() throws SQLException;
    }
}
