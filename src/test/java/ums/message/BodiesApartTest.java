package ums.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.json.JsonMapper;
import ums.TestDatabase;
import ums.channel.Content;

/** What an earlier version wrote is split into what lists show and the body, and reads as before. */
class BodiesApartTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Content WHOLE = new Content(
            "Shop <shop@example.com>",
            List.of("a@example.com"),
            List.of(),
            List.of(),
            null,
            "주문 \"1\"",
            "text",
            "<p>html</p>",
            Map.of("X-Order", "1"));

    private final TestDatabase database = TestDatabase.fresh();
    private final JdbcClient jdbc =
            JdbcClient.create(new DriverManagerDataSource(database.url(), database.username(), database.password()));

    @Test
    void rowsOfEarlierVersionsAreSplit() {
        migrations().target("19").load().migrate();
        insert("select gen_random_uuid(), :content from generate_series(1, 2100)", JSON.writeValueAsString(WHOLE));
        insert("values (gen_random_uuid(), :content)", "{");

        migrations().load().migrate();

        StoredJson stored = new StoredJson(JSON);
        List<Row> rows = jdbc.sql("select content, body from message_content where body is not null")
                .query(Row.class)
                .list();
        assertThat(rows).hasSize(2_100).allSatisfy(it -> {
            assertThat(stored.content(it.content(), it.body())).isEqualTo(WHOLE);
            assertThat(it.content()).doesNotContain("html");
        });
        assertThat(jdbc.sql("select content from message_content where body is null")
                        .query(String.class)
                        .list())
                .containsExactly("{");
        assertThat(jdbc.sql("select message_id from message_content")
                        .query(UUID.class)
                        .list())
                .hasSize(2_101);
    }

    private void insert(String rows, String content) {
        jdbc.sql("insert into message_content (message_id, content) " + rows)
                .param("content", content)
                .update();
    }

    private FluentConfiguration migrations() {
        return Flyway.configure()
                .dataSource(database.url(), database.username(), database.password())
                .locations("classpath:db/migration");
    }

    record Row(String content, String body) {}
}
