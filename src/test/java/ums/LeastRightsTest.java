package ums;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * The service with the two database roles of docs/operations.md: one owns and migrates the tables, the other only uses them.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class LeastRightsTest {

    @Autowired
    UmsClient ums;

    @Autowired
    JdbcClient jdbc;

    @DynamicPropertySource
    static void service(DynamicPropertyRegistry registry) throws SQLException {
        TestDatabase database = TestDatabase.fresh();
        String name = database.url().substring(database.url().lastIndexOf('/') + 1);
        String owner = "owner_" + name;
        String app = "app_" + name;
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : List.of(
                    "drop role if exists " + owner,
                    "drop role if exists " + app,
                    "create role " + owner + " login password 'o'",
                    "create role " + app + " login password 'a'",
                    "alter database " + name + " owner to " + owner,
                    "set role " + owner,
                    "grant connect on database " + name + " to " + app,
                    "grant usage on schema public to " + app,
                    "alter default privileges for role " + owner
                            + " in schema public grant select, insert, update, delete on tables to " + app,
                    "alter default privileges for role " + owner + " in schema public grant usage on sequences to "
                            + app)) {
                statement.execute(sql);
            }
        }
        new TestDatabase(database.url(), app, "a").register(registry);
        registry.add("spring.flyway.user", () -> owner);
        registry.add("spring.flyway.password", () -> "o");
        UmsStory.smallAndQuick(registry);
    }

    @Test
    void messagesAreSentAndTheAuditLogsTriggerCannotBeDisabled() {
        String key = ums.newKey();
        UUID id = ums.send(key, Messages.to("a@example.com")).id();
        await().until(() -> ums.get(key, "/api/messages/" + id)
                .json()
                .get("status")
                .stringValue()
                .equals("SENT"));

        assertThatThrownBy(() ->
                        jdbc.sql("alter table audit_entry disable trigger all").update())
                .hasStackTraceContaining("must be owner");
        assertThatThrownBy(() -> jdbc.sql("create table mine ()").update())
                .hasStackTraceContaining("permission denied");
        assertThat(ums.admin("GET", "/admin/audit", null).json().get("data")).isNotEmpty();
    }
}
