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
 * Whether the database accepts writes: {@code writable} in the health and in readiness. After a failover the address
 * may lead to a standby for a while, which is read-only. Uses a connection outside the pool, and queries once a second
 * at most.
 */
@Component
class WritableHealthIndicator implements HealthIndicator, DisposableBean {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration MAX_AGE = Duration.ofSeconds(1);

    private final DirectConnections connections;
    private @Nullable Connection connection;
    private @Nullable Health last;
    private long checkedAt;

    WritableHealthIndicator(DirectConnections connections) {
        this.connections = connections;
    }

    @Override
    public synchronized Health health() {
        Health current = last;
        if (current == null || System.nanoTime() - checkedAt >= MAX_AGE.toNanos()) {
            current = check();
            last = current;
            checkedAt = System.nanoTime();
        }
        return current;
    }

    private Health check() {
        try {
            Connection open = connection;
            if (open == null) {
                open = connections.open("ums health", TIMEOUT);
                connection = open;
            }
            if (writes(open)) {
                return Health.up().build();
            }
            // The next check reconnects, as the address may lead to another server by then.
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
                // The connection was broken already.
            }
        }
    }
}
