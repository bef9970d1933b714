package ums.queue;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Notifies the other processes on the database that there are entries to claim. A notification is a hint, as every process
 * polls at intervals anyway. It is sent after the commits, because a NOTIFY within them would make them wait for each other,
 * and once for all commits of a short time. That time is shorter in a process that does not send its own messages.
 */
@Component
class QueueNotifier implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(QueueNotifier.class);
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final Duration SENDER_PAUSE = Duration.ofMillis(200);

    private final JdbcClient jdbc;
    private final Duration pause;
    private final Semaphore pending = new Semaphore(0);
    private volatile boolean running;
    private @Nullable Thread thread;

    QueueNotifier(JdbcClient jdbc, @Value("${ums.role:all}") String role) {
        this.jdbc = jdbc;
        this.pause = role.equalsIgnoreCase("api") ? PAUSE : SENDER_PAUSE;
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onAppended(EntriesAppended appended) {
        if (appended.ready() && pending.availablePermits() == 0) {
            pending.release();
        }
    }

    private void run() {
        try {
            while (running) {
                pending.acquire();
                pending.drainPermits();
                notifyProcesses();
                // Entries appended during the pause are covered by the next notification.
                Thread.sleep(pause);
            }
        } catch (InterruptedException _) {
            // Stopped.
        }
    }

    private void notifyProcesses() {
        try {
            jdbc.sql("select pg_notify(:channel, '')")
                    .param("channel", Queue.ANNOUNCEMENTS)
                    .query((_, _) -> "")
                    .list();
        } catch (RuntimeException | Error e) {
            // The other processes poll at intervals anyway.
            log.debug("No notification was sent: {}", e.toString());
        }
    }

    @Override
    public synchronized void start() {
        running = true;
        thread = Thread.ofVirtual().name("outbox-announcer").start(this::run);
    }

    @Override
    public synchronized void stop() {
        running = false;
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
