package ums.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import ums.QueueStory;

/** To plan a claim takes longer than to make it: PostgreSQL must keep the plan. */
class ClaimPlanTest extends QueueStory {

    /** pgjdbc prepares a statement when it is used the fifth time; PostgreSQL tries five plans of its own before a generic one. */
    private static final int CLAIMS = 20;

    @Autowired
    DataSource dataSource;

    @Test
    void claimsAreNotPlannedAnew() throws SQLException {
        // Settings as the service's, and no statement of anybody else's: a settlement's text is like a claim's.
        HikariConfig settings = new HikariConfig();
        dataSource.unwrap(HikariDataSource.class).copyStateTo(settings);
        settings.setMaximumPoolSize(1);
        settings.setMinimumIdle(1);
        try (HikariDataSource own = new HikariDataSource(settings);
                Connection connection = own.getConnection()) {
            JdbcClient one = JdbcClient.create(new SingleConnectionDataSource(connection, true));
            ClaimRepository claims = new ClaimRepository(one);
            for (int i = 0; i < CLAIMS; i++) {
                claims.claim("email", UUID.randomUUID(), new Claimant("a test", false), 16, Instant.now(), new long[3]);
                claims.claimOldest(
                        "email", UUID.randomUUID(), new Claimant("a test", false), 16, Instant.now(), new long[3]);
            }

            assertThat(one.sql("""
                            select generic_plans > 0 from pg_prepared_statements
                            where statement like 'update outbox%state = ''PROCESSING''%'
                            """).query(Boolean.class).list()).containsExactly(true, true);
        }
    }
}
