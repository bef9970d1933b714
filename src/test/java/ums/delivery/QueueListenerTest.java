package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import ums.QueueStory;

/** A process that only takes messages tells those that send. */
class QueueListenerTest extends QueueStory {

    @Autowired
    DataSource database;

    @Test
    void whatAnotherProcessAcceptsIsHeardOfWithoutAPoll() {
        AtomicInteger heard = new AtomicInteger();
        QueueListener listener = new QueueListener(database::getConnection, heard::incrementAndGet);
        listener.start();
        try {
            await().until(() -> heard.get() == 1);

            accept();
            await().until(() -> heard.get() > 1);

            int before = heard.get();
            acceptFor(clock.instant().plusSeconds(60));
            accept();
            await().until(() -> heard.get() > before);
            assertThat(heard.get()).isLessThanOrEqualTo(before + 2);
        } finally {
            listener.stop();
        }
    }
}
