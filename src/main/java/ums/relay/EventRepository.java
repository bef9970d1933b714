package ums.relay;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/**
 * All SQL on events and their replays. Events are written by a trigger on the ledger, and by claims of relayed entries.
 */
@Repository
class EventRepository {

    private static final String COLUMNS = """
            e.id, e.event_id, e.message_id, e.status, e.at, e.attempt, e.error_type, m.client, m.channel, m.reference
            """;

    private final JdbcClient jdbc;

    EventRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The events not relayed yet, oldest first. A query that returns an event also returns all earlier ones of its
     * message, as each waits for the commit of the one before.
     */
    List<MessageEvent> next(int max) {
        return jdbc.sql("""
                        select %s from message_event e left join message m on m.id = e.message_id
                        where e.relayed_at is null order by e.id limit :max
                        """.formatted(COLUMNS))
                .param("max", max)
                .query((row, _) -> event(row, false))
                .list();
    }

    void relayed(Collection<Long> ids) {
        jdbc.sql("update message_event set relayed_at = now() where id = any (:ids)")
                .param("ids", new SqlArrayValue("bigint", ids.toArray()))
                .update();
    }

    /** Removes relayed events that are older, the oldest first, and returns how many. */
    int removeRelayed(Instant before, int max) {
        return remove("at < :before and relayed_at is not null", before, max);
    }

    /** Removes older events, relayed or not, the oldest first, and returns how many. */
    int removeAll(Instant before, int max) {
        return remove("at < :before", before, max);
    }

    private int remove(String which, Instant before, int max) {
        return jdbc.sql("""
                        delete from message_event
                        where id = any (array(
                            select id from message_event where %s order by at, id limit :max))
                        """.formatted(which))
                .param("before", before.atOffset(UTC))
                .param("max", max)
                .update();
    }

    /** How many relayed events fall into a span of time. */
    long count(Instant from, Instant to) {
        return jdbc.sql("""
                        select count(*) from message_event
                        where at >= :from and at < :to and relayed_at is not null
                        """)
                .param("from", from.atOffset(UTC))
                .param("to", to.atOffset(UTC))
                .query(Long.class)
                .single();
    }

    void requestReplay(Instant from, Instant to) {
        jdbc.sql("""
                        insert into event_replay (from_at, to_at, after_at, after_id) values (:from, :to, :from, 0)
                        """)
                .param("from", from.atOffset(UTC))
                .param("to", to.atOffset(UTC))
                .update();
    }

    /** The oldest replay that is not done. */
    Optional<Replay> replay() {
        return jdbc.sql("select * from event_replay order by id limit 1")
                .query((row, _) -> new Replay(
                        row.getLong("id"), instant(row, "to_at"), instant(row, "after_at"), row.getLong("after_id")))
                .optional();
    }

    /** The next events of a replay. */
    List<MessageEvent> next(Replay replay, int max) {
        return jdbc.sql("""
                        select %s from message_event e left join message m on m.id = e.message_id
                        where (e.at, e.id) > (:afterAt, :afterId) and e.at < :to and e.relayed_at is not null
                        order by e.at, e.id limit :max
                        """.formatted(COLUMNS))
                .param("afterAt", replay.afterAt().atOffset(UTC))
                .param("afterId", replay.afterId())
                .param("to", replay.to().atOffset(UTC))
                .param("max", max)
                .query((row, _) -> event(row, true))
                .list();
    }

    /** Records how far a replay has come. */
    void replayedUpTo(Replay replay, MessageEvent last) {
        jdbc.sql("update event_replay set after_at = :at, after_id = :after where id = :id")
                .param("at", last.at().atOffset(UTC))
                .param("after", last.id())
                .param("id", replay.id())
                .update();
    }

    void done(Replay replay) {
        jdbc.sql("delete from event_replay where id = :id")
                .param("id", replay.id())
                .update();
    }

    private static MessageEvent event(ResultSet row, boolean replay) throws SQLException {
        return new MessageEvent(
                row.getLong("id"),
                row.getObject("event_id", UUID.class),
                row.getObject("message_id", UUID.class),
                row.getString("status"),
                instant(row, "at"),
                row.getInt("attempt"),
                row.getString("error_type"),
                row.getString("client"),
                row.getString("channel"),
                row.getString("reference"),
                replay);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /**
     * A request to relay events once more.
     *
     * @param to the end, exclusive
     * @param afterAt the time of the last event replayed, or the start of the span
     * @param afterId the id of the last event replayed at {@code afterAt}, or 0
     */
    record Replay(long id, Instant to, Instant afterAt, long afterId) {}
}
