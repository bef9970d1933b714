package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import ums.QueueStory;

/** A process that only accepts messages notifies those that send. */
class QueueListenerTest extends QueueStory {

    @Autowired
    DataSource database;

    @Test
    void anEntryOfAnotherProcessIsAnnouncedWithoutAPoll() {
        AtomicInteger wakeUps = new AtomicInteger();
        QueueListener listener = new QueueListener(database::getConnection, wakeUps::incrementAndGet);
        listener.start();
        try {
            await().until(() -> wakeUps.get() == 1);

            accept();
            await().until(() -> wakeUps.get() > 1);

            int before = wakeUps.get();
            acceptFor(clock.instant().plusSeconds(60));
            accept();
            await().until(() -> wakeUps.get() > before);
            assertThat(wakeUps.get()).isLessThanOrEqualTo(before + 2);
        } finally {
            listener.stop();
        }
    }
}
