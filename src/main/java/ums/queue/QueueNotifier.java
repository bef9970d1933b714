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
 * Tells the other processes on the database that there is something to claim. It is a hint, as they look by themselves every
 * poll interval; so it is sent behind the commits, which a NOTIFY within would hold up one after the other, and however many
 * there are, once in a while: a process that does not send by itself is in more of a hurry.
 */
@Component
class QueueNotifier implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(QueueNotifier.class);
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final Duration PAUSE_OF_A_SENDER = Duration.ofMillis(200);

    private final JdbcClient jdbc;
    private final Duration pause;
    private final Semaphore news = new Semaphore(0);
    private volatile boolean running;
    private @Nullable Thread thread;

    QueueNotifier(JdbcClient jdbc, @Value("${ums.role:all}") String role) {
        this.jdbc = jdbc;
        this.pause = role.equalsIgnoreCase("api") ? PAUSE : PAUSE_OF_A_SENDER;
    }

    @TransactionalEventListener(fallbackExecution = true)
    void onAppended(EntriesAppended appended) {
        if (appended.ready() && news.availablePermits() == 0) {
            news.release();
        }
    }

    private void run() {
        try {
            while (running) {
                news.acquire();
                news.drainPermits();
                announce();
                // What comes meanwhile is told by the next announcement.
                Thread.sleep(pause);
            }
        } catch (InterruptedException _) {
            // Stopped.
        }
    }

    private void announce() {
        try {
            jdbc.sql("select pg_notify(:channel, '')")
                    .param("channel", Queue.ANNOUNCEMENTS)
                    .query((_, _) -> "")
                    .list();
        } catch (RuntimeException | Error e) {
            // A hint, and no more: whoever missed it looks for himself.
            log.debug("Nothing announced: {}", e.toString());
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
