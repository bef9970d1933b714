package ums;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each table has one owner: the package whose SQL writes it. Other packages access it only as listed here. */
class TableOwnerTest {

    private static final Path SOURCES = Path.of("src/main/java/ums");

    private static final Map<String, Set<String>> OWNED = Map.ofEntries(
            Map.entry("message", Set.of("message", "message_content", "idempotency_key")),
            Map.entry("queue", Set.of("outbox", "rate_limit")),
            Map.entry("delivery", Set.of("process")),
            Map.entry("failure", Set.of("send_failure")),
            Map.entry("relay", Set.of("message_event", "event_replay", "relay_lease")),
            Map.entry("throughput", Set.of("throughput")),
            Map.entry("access", Set.of("api_key")),
            Map.entry("audit", Set.of("audit_entry")),
            Map.entry("loan", Set.of("loan", "loan_history")),
            Map.entry("contact", Set.of("contact", "contact_preference")));

    /** A statement that writes both tables, where two would need a transaction. */
    private static final Set<String> WRITTEN_BY_OTHERS =
            Set.of("message writes outbox", "message writes send_failure", "queue writes message_event");

    private static final Set<String> READ_BY_OTHERS = Set.of(
            "message reads outbox",
            "message reads send_failure",
            "queue reads message",
            "queue reads process",
            "failure reads message",
            "relay reads message",
            "contact reads message",
            "contact reads outbox");

    @Test
    void everyTableHasAnOwner() throws IOException {
        Set<String> owned = OWNED.values().stream().flatMap(Set::stream).collect(toCollection(TreeSet::new));

        assertThat(tables()).isEqualTo(owned);
    }

    @Test
    void onlyItsOwnerWritesATable() throws IOException {
        assertThat(foreign("writes", "(?:insert into|update|delete from|truncate)"))
                .isEqualTo(new TreeSet<>(WRITTEN_BY_OTHERS));
    }

    @Test
    void onlyTheListedPackagesReadATableOfAnother() throws IOException {
        assertThat(foreign("reads", "(?<!delete )(?:from|join)")).isEqualTo(new TreeSet<>(READ_BY_OTHERS));
    }

    private static Set<String> tables() throws IOException {
        try (Stream<Path> migrations = Files.list(Path.of("src/main/resources/db/migration"))) {
            Set<String> tables = new TreeSet<>();
            for (Path each : migrations.toList()) {
                Matcher made = Pattern.compile("create table (\\w+)").matcher(Files.readString(each));
                while (made.find()) {
                    tables.add(made.group(1));
                }
            }
            return tables;
        }
    }

    /** The accesses to tables of other packages. */
    private static Set<String> foreign(String verb, String words) throws IOException {
        Map<String, String> owners = new TreeMap<>();
        OWNED.forEach((owner, tables) -> tables.forEach(table -> owners.put(table, owner)));
        Pattern use = Pattern.compile("\\b" + words + " (" + String.join("|", owners.keySet()) + ")\\b");
        Set<String> found = new TreeSet<>();
        for (Map.Entry<Path, String> each : sources().entrySet()) {
            String pack = SOURCES.relativize(each.getKey()).getName(0).toString();
            Matcher matcher = use.matcher(each.getValue());
            while (matcher.find()) {
                if (!pack.equals(owners.get(matcher.group(1)))) {
                    found.add(pack + " " + verb + " " + matcher.group(1));
                }
            }
        }
        return found;
    }

    /** The sources without comments, as SQL is in string literals. */
    private static Map<Path, String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(it -> it.toString().endsWith(".java")).collect(toMap(it -> it, TableOwnerTest::code));
        }
    }

    private static String code(Path file) {
        try {
            return Files.readString(file).replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("(?m)^\\s*//.*$", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
