package ums.delivery;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import ums.lifecycle.VitalThread;
import ums.queue.Queue;

/**
 * Listens, on a thread and a connection of its own, for entries that other processes append, and wakes the dispatcher. Entries
 * that it misses without a connection are found by the dispatcher's next poll.
 */
final class QueueListener implements SmartLifecycle, VitalThread {

    private static final Logger log = LoggerFactory.getLogger(QueueListener.class);
    private static final String LISTEN = "listen " + Queue.ANNOUNCEMENTS;
    private static final String THREAD = "outbox-listener";
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(10);

    private final Heartbeat.Connections connections;
    private final Runnable wake;
    private volatile boolean running;
    private volatile @Nullable Thread thread;

    /**
     * @param connections opens a connection outside the pool
     * @param wake called for each announcement, or several that came together
     */
    QueueListener(Heartbeat.Connections connections, Runnable wake) {
        this.connections = connections;
        this.wake = wake;
    }

    private void run() {
        while (running) {
            try (Connection connection = connections.open();
                    Statement statement = connection.createStatement()) {
                statement.execute(LISTEN);
                // Entries may have been appended before.
                wake.run();
                listen(connection.unwrap(PGConnection.class), statement);
            } catch (RuntimeException | Error e) {
                log.warn("Not listening for a moment, by a fault of UMS itself: {}", e.toString());
                LockSupport.parkNanos(WAIT.toNanos());
            } catch (SQLException e) {
                log.debug("Not listening for now: {}", e.toString());
                LockSupport.parkNanos(WAIT.toNanos());
            }
        }
    }

    private void listen(PGConnection connection, Statement statement) throws SQLException {
        long checked = System.nanoTime();
        while (running) {
            PGNotification[] notifications = connection.getNotifications((int) WAIT.toMillis());
            if (notifications != null && notifications.length > 0) {
                wake.run();
            }
            if (System.nanoTime() - checked >= BETWEEN_CHECKS.toNanos()) {
                // A server that has become a standby refuses it, and one that is gone does not answer.
                statement.execute(LISTEN);
                checked = System.nanoTime();
            }
        }
    }

    @Override
    public synchronized void start() {
        running = true;
        thread = Thread.ofPlatform().name(THREAD).daemon().start(this::run);
    }

    @Override
    public synchronized void stop() {
        running = false;
        LockSupport.unpark(thread);
    }

    @Override
    public String threadName() {
        return THREAD;
    }

    @Override
    public boolean isGone() {
        Thread listening = thread;
        return running && listening != null && !listening.isAlive();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
