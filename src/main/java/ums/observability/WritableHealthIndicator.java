package ums.observability;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;
import ums.database.DirectConnections;

/**
 * Whether the database takes writes: {@code writable} in the health and in readiness. After a failover the address may lead to
 * a standby for a while, which answers and writes nothing. Asks on a connection of its own, so that it takes none from the
 * pool, and once a second at most, whoever wants to know.
 */
@Component
class WritableHealthIndicator implements HealthIndicator, DisposableBean {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration KEPT = Duration.ofSeconds(1);

    private final DirectConnections connections;
    private @Nullable Connection connection;
    private @Nullable Health last;
    private long asked;

    WritableHealthIndicator(DirectConnections connections) {
        this.connections = connections;
    }

    @Override
    public synchronized Health health() {
        Health answer = last;
        if (answer == null || System.nanoTime() - asked >= KEPT.toNanos()) {
            answer = ask();
            last = answer;
            asked = System.nanoTime();
        }
        return answer;
    }

    private Health ask() {
        try {
            Connection open = connection;
            if (open == null) {
                open = connections.open("ums health", PATIENCE);
                connection = open;
            }
            if (writes(open)) {
                return Health.up().build();
            }
            // The next question goes wherever the address leads by then.
            destroy();
            return Health.down()
                    .withDetail("reason", "The database is read-only: a standby, or a primary that was demoted.")
                    .build();
        } catch (SQLException e) {
            destroy();
            return Health.down(e).build();
        }
    }

    private static boolean writes(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show transaction_read_only")) {
            return row.next() && "off".equals(row.getString(1));
        }
    }

    @Override
    public synchronized void destroy() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException _) {
                // It was broken, and is gone all the same.
            }
        }
    }
}
