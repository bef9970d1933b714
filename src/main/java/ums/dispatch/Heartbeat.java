package ums.dispatch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import ums.lifecycle.VitalThread;

/**
 * Tells the others that this process lives, on a thread and a connection of its own, so that a busy pool or a busy
 * processor cannot make it look dead. The beat is the database's clock; what this process may still do is told by its own
 * monotonic one.
 */
final class Heartbeat implements SmartLifecycle, VitalThread {

    private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);
    private static final String THREAD = "heartbeat";
    /** Before the loop that claims, and stopped after it. */
    private static final int PHASE = Integer.MAX_VALUE - 1;

    private final String owner;
    private final Connections connections;
    private final long timeoutNanos;
    private final LongSupplier nanoTime;
    private volatile boolean running;
    private volatile long lastBeat;
    private volatile long steadySince;
    private volatile boolean beaten;
    private volatile @Nullable Thread thread;
    private @Nullable Connection connection;

    /**
     * @param owner what claims are signed with
     * @param connections opens a connection outside the pool
     * @param timeout how long a process may be silent before it is given up
     * @param nanoTime a monotonic clock
     */
    Heartbeat(String owner, Connections connections, Duration timeout, LongSupplier nanoTime) {
        this.owner = owner;
        this.connections = connections;
        this.timeoutNanos = timeout.toNanos();
        this.nanoTime = nanoTime;
    }

    /** What this process's claims are signed with. */
    String owner() {
        return owner;
    }

    /**
     * Whether this process may begin a send or write a final dot: its last beat is younger than two thirds of the timeout,
     * so that nobody can have given it up yet.
     */
    boolean mayAct() {
        return beaten && nanoTime.getAsLong() - lastBeat < timeoutNanos / 3 * 2;
    }

    /** How long ago it was heard of last. */
    Duration silence() {
        return Duration.ofNanos(nanoTime.getAsLong() - lastBeat);
    }

    /**
     * Leave to act on what is claimed after this call, for as long as this process is heard of without a gap. One that was
     * stopped and goes on beats at once and is alive again, but what it had claimed before may be somebody else's.
     */
    BooleanSupplier lease() {
        long from = nanoTime.getAsLong();
        return () -> mayAct() && steadySince - from <= 0;
    }

    /**
     * Whether this process may give up others: it has beaten without a gap for a full timeout, so that after an outage of
     * the database everybody had the time to be heard.
     */
    boolean mayJudge() {
        return mayAct() && nanoTime.getAsLong() - steadySince >= timeoutNanos;
    }

    /** One beat; the loop's, and by hand in tests. */
    void beat() throws SQLException {
        long begun = nanoTime.getAsLong();
        Connection open = connection;
        if (open == null) {
            open = connections.open();
            connection = open;
        }
        try (PreparedStatement statement = open.prepareStatement("""
                insert into process (id, beat_at) values (?, now())
                on conflict (id) do update set beat_at = excluded.beat_at
                """)) {
            statement.setString(1, owner);
            statement.executeUpdate();
        }
        if (!beaten || begun - lastBeat >= timeoutNanos / 3 * 2) {
            steadySince = begun;
        }
        lastBeat = begun;
        beaten = true;
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

    /** Opens connections outside the pool. */
    interface Connections {
        Connection open() throws SQLException;
    }
}
