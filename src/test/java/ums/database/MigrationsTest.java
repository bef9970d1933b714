package ums.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.simple.JdbcClient;
import ums.TestDatabase;

/** A migration may take long, and runs as the user whom the operator named. */
class MigrationsTest {

    private final TestDatabase database = TestDatabase.fresh();

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withUserConfiguration(DatabaseConfiguration.class)
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    FlywayAutoConfiguration.class,
                    JdbcTemplateAutoConfiguration.class,
                    JdbcClientAutoConfiguration.class))
            .withPropertyValues(
                    "spring.datasource.url=" + database.url(),
                    "spring.datasource.username=" + database.username(),
                    "spring.datasource.password=" + database.password(),
                    "spring.datasource.hikari.connection-init-sql=set enable_seqscan = off",
                    "spring.datasource.hikari.data-source-properties.socketTimeout=1",
                    "spring.flyway.locations=classpath:slow-migration");

    @Test
    void aMigrationLongerThanThePoolsTimeoutIsApplied() {
        application.run(context -> {
            JdbcClient jdbc = context.getBean(JdbcClient.class);
            assertThat(jdbc.sql("select seqscan from planner")
                            .query(String.class)
                            .single())
                    .isEqualTo("on");
            assertThat(jdbc.sql("select migrated_by from planner")
                            .query(String.class)
                            .single())
                    .isEqualTo(database.username());
            assertThat(jdbc.sql("show enable_seqscan").query(String.class).single())
                    .isEqualTo("off");
        });
    }

    @Test
    void theUserForFlywayOwnsTheTables() throws SQLException {
        try (var connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("drop role if exists test_migrating");
            statement.execute("create role test_migrating login password 'm'");
            statement.execute("grant all on schema public to test_migrating");
        }
        application
                .withPropertyValues("spring.flyway.user=test_migrating", "spring.flyway.password=m")
                .run(context -> assertThat(context.getBean(JdbcClient.class)
                                .sql("select migrated_by from planner")
                                .query(String.class)
                                .single())
                        .isEqualTo("test_migrating"));
    }
}
