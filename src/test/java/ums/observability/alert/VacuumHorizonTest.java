package ums.observability.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import ums.QueueStory;

/** The oldest open transaction and its session are found. */
class VacuumHorizonTest extends QueueStory {

    @Autowired
    VacuumHorizon horizon;

    @Autowired
    DataSource database;

    @Test
    void theOldestTransactionIsFoundForAsLongAsItIsOpen() throws Exception {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("set application_name to 'a forgotten session'");
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.execute("select count(*) from outbox");

            await().until(() -> horizon.oldest()
                    .filter(it -> it.holder().contains("a forgotten session") && it.seconds() >= 1)
                    .isPresent());
            connection.rollback();
            connection.setAutoCommit(true);
            assertThat(horizon.oldest().filter(it -> it.holder().contains("a forgotten session")))
                    .isEmpty();
            statement.execute("set application_name to 'ums'");
        }
    }
}
