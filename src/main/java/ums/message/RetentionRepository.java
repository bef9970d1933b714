package ums.message;

import static java.time.ZoneOffset.UTC;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/** The SQL that removes old messages, and idempotency keys that have outlived them. */
@Repository
class RetentionRepository {

    /** An ended message may be removed if it has no open queue entry and no open failure. */
    private static final String REMOVABLE = """
            not exists (select from outbox o where o.aggregate_id = message.id
                and o.open)
            and not exists (select from send_failure f where f.message_id = message.id and not f.handled)""";

    private final JdbcClient jdbc;

    RetentionRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Copies the keys of messages that are about to be removed into a table of their own, in one short step.
     *
     * @param endedBefore only of messages that ended before
     * @param keysBefore only keys that are not older
     * @param after only of messages accepted after this one
     * @param max how many messages to scan
     * @return the messages whose keys are copied and committed
     */
    List<UUID> moveKeys(Instant endedBefore, Instant keysBefore, UUID after, int max) {
        return jdbc.sql("""
                        with step as materialized (
                            select id, updated_at, status from message where id > :after order by id limit :max),
                        young as materialized (
                            select client, test, idempotency_key, request_hash, id, created_at from message
                            where id = any (array(
                                select id from step where updated_at < :endedBefore and status = any (:ended)))
                              and idempotency_key is not null and created_at >= :keysBefore
                              and %s),
                        moved as (
                            insert into idempotency_key
                                (client, test, idempotency_key, request_hash, message_id, created_at)
                            select client, test, idempotency_key, request_hash, id, created_at from young
                            order by client, test, idempotency_key
                            on conflict do nothing)
                        select id from young
                        """.formatted(REMOVABLE))
                .param("after", after)
                .param("max", max)
                .param("endedBefore", endedBefore.atOffset(UTC))
                .param("keysBefore", keysBefore.atOffset(UTC))
                .param("ended", ended())
                .query((row, _) -> row.getObject("id", UUID.class))
                .list();
    }

    /**
     * The transactions that write to the ledger at the moment. A transaction locks the table before it takes its snapshot, so
     * each one that is not returned will see every key that is committed by now.
     */
    Set<String> writers() {
        return new HashSet<>(jdbc.sql("""
                        select virtualtransaction from pg_locks
                        where locktype = 'relation' and relation = 'message'::regclass and mode = 'RowExclusiveLock' and granted
                          and database = (select oid from pg_database where datname = current_database())
                        """).query(String.class).list());
    }

    /**
     * Removes ended messages in one short step, the oldest first; an open failure keeps its message.
     *
     * @param endedBefore only those that ended before
     * @param keysBefore of those with an idempotency key only those accepted before
     * @param moved and those whose keys {@link #moveKeys} has copied
     * @param after only those accepted after this one, to go on where the last step ended
     * @param max how many to scan
     * @return the message to go on from, or null if no more can be old enough
     */
    @Nullable UUID removeEnded(Instant endedBefore, Instant keysBefore, Collection<UUID> moved, UUID after, int max) {
        return jdbc.sql("""
                        with step as materialized (
                            select id, created_at, updated_at, status from message where id > :after order by id limit :max),
                        removed as (
                            delete from message
                            where id = any (array(
                                select id from step where updated_at < :endedBefore and status = any (:ended)))
                              and (idempotency_key is null or created_at < :keysBefore or id = any (:moved))
                              and %s
                            returning id),
                        content as (
                            delete from message_content where message_id = any (array(select id from removed))),
                        failures as (
                            delete from send_failure where message_id = any (array(select id from removed)))
                        select id from step where created_at < :endedBefore order by id desc limit 1
                        """.formatted(REMOVABLE))
                .param("after", after)
                .param("max", max)
                .param("endedBefore", endedBefore.atOffset(UTC))
                .param("keysBefore", keysBefore.atOffset(UTC))
                .param("moved", new SqlArrayValue("uuid", moved.toArray()))
                .param("ended", ended())
                .query((row, _) -> row.getObject("id", UUID.class))
                .optional()
                .orElse(null);
    }

    /** Removes old keys, the oldest first, and returns how many. A ctid is stable here, as no row is ever updated. */
    int removeKeys(Instant before, int max) {
        return jdbc.sql("""
                        delete from idempotency_key
                        where ctid = any (array(
                            select ctid from idempotency_key where created_at < :before order by created_at limit :max))
                        """)
                .param("before", before.atOffset(UTC))
                .param("max", max)
                .update();
    }

    /** The statuses of messages that have ended. */
    private static SqlArrayValue ended() {
        return new SqlArrayValue(
                "text",
                Arrays.stream(MessageStatus.values())
                        .filter(MessageStatus::ended)
                        .map(MessageStatus::name)
                        .toArray());
    }
}
