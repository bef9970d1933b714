package ums.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Makes rows of waiting messages unreadable, as a damaged disk, a manual change or a newer version may do. */
final class Poison {

    /** How far in the future such a message is scheduled, so that it is changed before it is claimed. */
    private static final Duration WAITING = Duration.ofSeconds(20);

    private static final int TRIES = 20;

    /** Locks the entry, so that it is not claimed before the change. */
    private static final String LOCK = """
            select 1 from outbox where aggregate_id = ? and not published and processing_started_at is null for update""";

    private final Site site;
    private final Map<UUID, String> poisoned = new ConcurrentHashMap<>();

    Poison(Site site) {
        this.site = site;
    }

    /** Drops constraints that would refuse the changes. */
    void prepare() throws IOException {
        site.postgres().execute("""
                alter table message drop constraint if exists message_on_unknown_check,
                    drop constraint if exists message_purpose_check""");
    }

    /** Posts a scheduled message and changes its row; does nothing if it is not accepted in time. */
    void one(Random random) throws IOException, InterruptedException {
        String key = "poison-" + UUID.randomUUID();
        Mail mail = new Mail("poison@shop.example", 0, Instant.now().plus(WAITING));
        Optional<UUID> id = Optional.empty();
        for (int i = 0; i < TRIES && id.isEmpty(); i++) {
            UmsProcess process = site.process(random.nextInt(site.processes().size()));
            id = process.isUp() ? site.client().post(process, key, mail, "NORMAL") : id;
            Thread.sleep(id.isEmpty() ? 250 : 0);
        }
        if (id.isPresent()) {
            change(id.get(), random);
        }
    }

    /** Changes the row of a waiting message, unless it is claimed already or the database is down. */
    void change(UUID id, Random random) throws IOException {
        try (Connection connection = site.postgres().open()) {
            connection.setAutoCommit(false);
            List<String> changes = new ArrayList<>(List.of(
                    "update message set on_unknown = 'PERHAPS' where id = ?",
                    "update message set purpose = 'NONSENSE' where id = ?",
                    "update message set recipients = '{\"address\": 1}' where id = ?",
                    "update message set recipients = '[7]' where id = ?"));
            // For half of the messages: a column with JSON text.
            List<String> texts = texts(connection, id);
            String change = !texts.isEmpty() && random.nextBoolean()
                    ? "update message_content set %s = '{' where message_id = ?"
                            .formatted(texts.get(random.nextInt(texts.size())))
                    : changes.get(random.nextInt(changes.size()));
            if (execute(connection, LOCK, id) && execute(connection, change, id)) {
                // Recorded before the commit, as the entry may be claimed right after it.
                poisoned.put(id, change);
                connection.commit();
            }
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (!state.startsWith("08") && !state.startsWith("57")) {
                throw new IOException(e);
            }
            // The database is down or was killed; whether the row has changed is checked at the end.
        }
    }

    private static boolean execute(Connection connection, String sql, UUID id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, id);
            if (!statement.execute()) {
                return statement.getUpdateCount() > 0;
            }
            try (ResultSet row = statement.getResultSet()) {
                return row.next();
            }
        }
    }

    private static List<String> texts(Connection connection, UUID id) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        select quote_ident(column_name) from information_schema.columns
                        where table_schema = 'public' and table_name = 'message_content' and data_type = 'text'
                        order by ordinal_position""")) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        List<String> json = new ArrayList<>();
        for (String column : texts) {
            String sql = "select from message_content where message_id = ? and %s like '{%%'".formatted(column);
            if (execute(connection, sql, id)) {
                json.add(column);
            }
        }
        return json;
    }

    /** The change of each message. */
    Map<UUID, String> poisoned() {
        return poisoned;
    }
}
