package ums.message;

import static java.time.ZoneOffset.UTC;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The SQL on idempotency keys that outlive their messages, but for {@link MessageInserter}, which asks for them. */
@Repository
class MovedKeys {

    private final JdbcClient jdbc;

    MovedKeys(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Writes down the keys of messages that are about to be removed, in one short step.
     *
     * @param endedBefore only of messages that ended before
     * @param keysBefore only keys that are not older
     * @param after only of messages accepted after this one
     * @param max how many messages to look at
     * @return the messages whose keys are written down now, and committed
     */
    List<UUID> move(Instant endedBefore, Instant keysBefore, UUID after, int max) {
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
                        """.formatted(MessageRepository.REMOVABLE))
                .param("after", after)
                .param("max", max)
                .param("endedBefore", endedBefore.atOffset(UTC))
                .param("keysBefore", keysBefore.atOffset(UTC))
                .param("ended", MessageRepository.ended())
                .query((row, _) -> row.getObject("id", UUID.class))
                .list();
    }

    /**
     * The transactions that write to the ledger at the moment. One locks the table before it takes the snapshot by which it
     * looks for keys, so that one which is not among them sees every key that is committed by now.
     */
    Set<String> writers() {
        return new HashSet<>(jdbc.sql("""
                        select virtualtransaction from pg_locks
                        where locktype = 'relation' and relation = 'message'::regclass and mode = 'RowExclusiveLock' and granted
                          and database = (select oid from pg_database where datname = current_database())
                        """).query(String.class).list());
    }

    /** Removes keys that are older, the oldest first; how many. No row ever changes its place, as none is updated. */
    int removeBefore(Instant before, int max) {
        return jdbc.sql("""
                        delete from idempotency_key
                        where ctid = any (array(
                            select ctid from idempotency_key where created_at < :before order by created_at limit :max))
                        """)
                .param("before", before.atOffset(UTC))
                .param("max", max)
                .update();
    }
}
