package ums.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.jdbc.core.simple.JdbcClient;
import ums.Messages;
import ums.UmsStory;
import ums.delivery.WithoutHeartbeat;

/** A process is ready if it can accept a message. */
class ReadinessTest extends UmsStory {

    /** The pool's maximum size. */
    private static final int CONNECTIONS = 20;

    @Autowired
    HealthEndpointGroups groups;

    @Autowired
    HeartbeatHealthIndicator heartbeat;

    @Autowired
    DataSource pool;

    @Autowired
    JdbcClient jdbc;

    @AfterEach
    void makeDatabaseWritable() {
        jdbc.sql("alter database " + database() + " reset default_transaction_read_only")
                .update();
        await().until(() -> readiness() == 200);
    }

    @Test
    void aProcessWithoutAHeartbeatIsNotReady() {
        Health health = new HeartbeatHealthIndicator(WithoutHeartbeat.vitals()).health();

        assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health.getDetails().get("reason")).asString().contains("No heartbeat");
        assertThat(heartbeat.health().getStatus()).isEqualTo(Status.UP);
        assertThat(groups.get("readiness").isMember("heartbeat")).isTrue();
    }

    @Test
    void aProcessWithAReadOnlyDatabaseIsNotReady() {
        jdbc.sql("alter database " + database() + " set default_transaction_read_only = on")
                .update();
        // As when a server restarts as a standby.
        jdbc.sql("""
                        select pg_terminate_backend(pid) from pg_stat_activity
                        where datname = current_database() and application_name = 'ums health'
                        """).query().listOfRows();

        await().until(() -> readiness() == 503);
    }

    @Test
    void connectionsToADemotedServerLeaveThePool() throws SQLException {
        String key = ums.newKey();
        List<Connection> all = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            all.add(pool.getConnection());
        }
        for (Connection each : all) {
            try (Statement statement = each.createStatement()) {
                statement.execute("set default_transaction_read_only = on");
            }
            each.close();
        }

        await().until(() -> acceptsTwiceAsManyAsThereAreConnections(key));
    }

    private boolean acceptsTwiceAsManyAsThereAreConnections(String key) {
        for (int i = 0; i < 2 * CONNECTIONS; i++) {
            if (ums.send(key, Messages.to("a@example.com")).status() != 202) {
                return false;
            }
        }
        return true;
    }

    private int readiness() {
        return ums.actuator("/actuator/health/readiness").status();
    }

    private String database() {
        return jdbc.sql("select current_database()").query(String.class).single();
    }
}
