package ums.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ums.bench.Postgres;

/** PostgreSQL alone: minimal tables for a ledger and a queue, in a database of their own. */
final class Pgbench {

    private static final String DATABASE = "limits";
    private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+)");
    private static final Pattern TRANSACTIONS = Pattern.compile("actually processed: (\\d+)");

    private final Stand stand;
    private final String pgbench;
    private final Path schema;

    Pgbench(Stand stand) throws IOException {
        this.stand = stand;
        this.pgbench = Programs.require("pgbench", "postgresql");
        this.schema = stand.resource("schema.sql", "", "");
        stand.postgres().createDatabase(DATABASE);
    }

    /**
     * Runs a script on new tables.
     *
     * @param script a resource; ROWS in it is replaced by {@code rows}
     * @param rows how many messages each transaction inserts
     */
    Sample run(String script, int rows, int clients, int seconds) throws IOException, InterruptedException {
        stand.postgres().execute(Files.readString(schema), DATABASE, Stand.PATIENCE);
        stand.calm();
        Path file = stand.resource(script, "ROWS", String.valueOf(rows));
        Meter meter = Meter.start(stand);
        String out = stand.programs()
                .run(
                        Map.of("PGPASSWORD", stand.postgres().password()),
                        List.of(
                                pgbench,
                                "--no-vacuum",
                                "--protocol=prepared",
                                "--host=127.0.0.1",
                                "--port=" + stand.postgres().port(),
                                "--username=" + Postgres.USER,
                                "--client=" + clients,
                                "--jobs=1",
                                "--time=" + seconds,
                                "--file=" + file,
                                DATABASE));
        return Sample.of(find(RATE, out) * rows, meter.cost(find(TRANSACTIONS, out) * rows));
    }

    private static double find(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("pgbench: " + text);
        }
        return Double.parseDouble(matcher.group(1));
    }
}
