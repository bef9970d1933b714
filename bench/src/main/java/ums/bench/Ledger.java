package ums.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The state of the messages in UMS's tables, read past all proxies. */
final class Ledger {

    private static final String OPEN =
            "select count(*) from message where status in ('ACCEPTED', 'PROCESSING', 'RETRY')";

    private final Postgres postgres;

    Ledger(Postgres postgres) {
        this.postgres = postgres;
    }

    /**
     * A message.
     *
     * @param status its status
     * @param attempts the number of its attempts
     * @param error the type of its last error
     */
    record Entry(String status, int attempts, @Nullable String error) {}

    Map<UUID, Entry> entries() throws IOException {
        Map<UUID, Entry> entries = new HashMap<>();
        try (Connection connection = postgres.open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select id, status, attempt_count, last_error ->> 'type' from message")) {
            while (rows.next()) {
                entries.put(
                        rows.getObject(1, UUID.class), new Entry(rows.getString(2), rows.getInt(3), rows.getString(4)));
            }
        } catch (SQLException e) {
            throw new IOException(e);
        }
        return entries;
    }

    /** A message's timeline as JSON. */
    String events(UUID message) throws IOException {
        try (Connection connection = postgres.open();
                PreparedStatement statement =
                        connection.prepareStatement("select events::text from message where id = ?")) {
            statement.setObject(1, message);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : "not in the ledger";
            }
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /** The single number that a query returns. */
    long number(String sql) throws IOException {
        try (Connection connection = postgres.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /** A map from the first column of a query's rows to the second. */
    Map<String, String> texts(String sql) throws IOException {
        Map<String, String> texts = new HashMap<>();
        try (Connection connection = postgres.open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.put(rows.getString(1), rows.getString(2));
            }
        } catch (SQLException e) {
            throw new IOException(e);
        }
        return texts;
    }

    /** How many messages have not ended. */
    long open() throws IOException {
        return number(OPEN);
    }

    /**
     * Waits until every message has ended.
     *
     * @return how long it took, or {@code patience} if some have not ended
     */
    Duration awaitEnd(Duration patience) throws IOException, InterruptedException {
        return awaitNone(OPEN, patience);
    }

    /**
     * Waits until a query counts zero.
     *
     * @return how long it took, or {@code patience} if it still counts some
     */
    Duration awaitNone(String query, Duration patience) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (number(query) > 0 && System.nanoTime() - start < patience.toNanos()) {
            Thread.sleep(500);
        }
        return Duration.ofNanos(Math.min(System.nanoTime() - start, patience.toNanos()));
    }
}
