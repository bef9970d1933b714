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
 * Hears of what other processes put into the queue, on a thread and a connection of its own, and wakes the dispatcher. What
 * it misses while its connection is away, the dispatcher's next poll finds.
 */
final class QueueListener implements SmartLifecycle, VitalThread {

    private static final Logger log = LoggerFactory.getLogger(QueueListener.class);
    private static final String LISTEN = "listen " + Queue.ANNOUNCEMENTS;
    private static final String THREAD = "outbox-listener";
    private static final Duration LOOK_UP = Duration.ofSeconds(1);
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
                // Something may have been announced before.
                wake.run();
                listen(connection.unwrap(PGConnection.class), statement);
            } catch (RuntimeException | Error e) {
                log.warn("Not listening for a moment, for a fault of UMS itself: {}", e.toString());
                LockSupport.parkNanos(LOOK_UP.toNanos());
            } catch (SQLException e) {
                log.debug("Not listening for now: {}", e.toString());
                LockSupport.parkNanos(LOOK_UP.toNanos());
            }
        }
    }

    private void listen(PGConnection connection, Statement statement) throws SQLException {
        long checked = System.nanoTime();
        while (running) {
            PGNotification[] heard = connection.getNotifications((int) LOOK_UP.toMillis());
            if (heard != null && heard.length > 0) {
                wake.run();
            }
            if (System.nanoTime() - checked >= BETWEEN_CHECKS.toNanos()) {
                // Refused by a server that has become a standby, and unanswered by one that is gone.
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
