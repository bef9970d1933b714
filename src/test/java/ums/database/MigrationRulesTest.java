package ums.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two successive releases run on one database during an update, and a migration must not lock a table in use for long. So
 * migrations after the baseline only add, and nothing they add needs the scan of a table under a lock.
 */
class MigrationRulesTest {

    private static final Path MIGRATIONS = Path.of("src/main/resources/db/migration");
    private static final String BASELINE = "V1__baseline.sql";

    /** Patterns of forbidden statements, by the reason. */
    private static final Map<String, Pattern> FORBIDDEN = Map.of(
            "the release before still reads it", pattern("\\b(drop (table|column)|rename|truncate)\\b"),
            "it rewrites the table", pattern("\\balter column \\w+ (set data )?type\\b"),
            "it scans the table under a lock; add a check that is not valid, and validate it",
                    pattern("\\bset not null\\b"),
            "rows of the release before lack it",
                    pattern("\\badd (column )?\\w+ [^,;]*\\bnot null\\b(?![^,;]*\\bdefault\\b)"),
            "it scans the table under a lock; say not valid, and validate it",
                    pattern("\\badd (constraint \\w+ )?(check|foreign key)\\b(?![^;]*\\bnot valid\\b)"),
            "writers wait for it; say concurrently", pattern("\\bcreate (unique )?index (?!concurrently\\b)"),
            "it is one long transaction; go by steps, in a do block that commits",
                    pattern("^\\s*(update|delete from) "),
            "it blocks other statements", pattern("\\block table\\b"));

    @Test
    void everyMigrationAfterTheBaselineOnlyAddsAndLocksNothingForLong() throws IOException {
        try (Stream<Path> files = Files.list(MIGRATIONS)) {
            List<Path> migrations =
                    files.filter(it -> it.toString().endsWith(".sql")).toList();
            assertThat(migrations).extracting(it -> it.getFileName().toString()).contains(BASELINE);
            for (Path each : migrations) {
                if (!each.endsWith(BASELINE)) {
                    assertThat(broken(Files.readString(each)))
                            .as(each.toString())
                            .isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alter table message drop column reference",
                "alter table message rename column client to caller",
                "alter table outbox alter column attempt_count type bigint",
                "alter table outbox alter column ordering_key set not null",
                "alter table outbox add column lease integer not null",
                "alter table outbox add check (attempt_count >= 0)",
                "create index outbox_lease on outbox (lease)",
                "update message set purpose = 'NORMAL'",
                "lock table outbox"
            })
    void aStatementThatBreaksTheReleaseBeforeOrDelaysItsWritesIsFound(String statement) {
        assertThat(broken("-- A comment.\n" + statement + ";\n")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create table hold (id uuid not null primary key, check (id is not null))",
                "create table hold (id uuid); create index hold_id on hold (id)",
                "alter table outbox add column lease integer not null default 0",
                "alter table outbox add check (lease >= 0) not valid; alter table outbox validate constraint outbox_check",
                "create index concurrently outbox_lease on outbox (lease)",
                "-- drop table message"
            })
    void aStatementThatOnlyAddsIsAllowed(String statement) {
        assertThat(broken(statement + ";\n")).isEmpty();
    }

    /** The reasons why a migration is forbidden. Indexes on a table that it creates itself are allowed. */
    private static List<String> broken(String migration) {
        String sql = migration.replaceAll("--[^\n]*", "").toLowerCase(Locale.ROOT);
        List<String> made = Pattern.compile("create table (\\w+)")
                .matcher(sql)
                .results()
                .map(it -> it.group(1))
                .toList();
        List<String> reasons = new ArrayList<>();
        for (String statement : sql.split(";")) {
            boolean own = statement.strip().startsWith("create table")
                    || made.stream()
                            .anyMatch(it -> Pattern.compile("\\bon " + it + "\\b")
                                    .matcher(statement)
                                    .find());
            FORBIDDEN.forEach((reason, pattern) -> {
                if (!own && pattern.matcher(statement + ";").find()) {
                    reasons.add(reason + ": " + statement.strip());
                }
            });
        }
        return reasons;
    }

    private static Pattern pattern(String regex) {
        return Pattern.compile(regex, Pattern.MULTILINE);
    }
}
