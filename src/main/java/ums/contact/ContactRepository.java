package ums.contact;

import static java.time.ZoneOffset.UTC;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageIds;

/**
 * The SQL on contacts. A message has one row at most, however many attempts: reserved while an attempt is in progress,
 * counted once one of them reached a recipient, or may have.
 */
@Repository
class ContactRepository {

    /** A message without a reference is about its first recipient. */
    private static final String REFERENCE = "coalesce(m.reference, 'to:' || lower(m.recipients -> 0 ->> 'address'))";

    private final JdbcClient jdbc;

    ContactRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Empty if the message was deleted by hand. */
    Optional<Contact> about(UUID messageId) {
        return jdbc.sql("select m.client, m.test, m.channel, %s as reference from message m where m.id = :id"
                        .formatted(REFERENCE))
                .param("id", messageId)
                .query((row, _) -> new Contact(
                        row.getString("client"),
                        row.getBoolean("test"),
                        row.getString("reference"),
                        row.getString("channel")))
                .optional();
    }

    /** Locks a reference until the caller's transaction ends. */
    void lock(Contact contact) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended(:pair, 0))")
                .param("pair", contact.client() + (contact.test() ? " tests " : " tells ") + contact.reference())
                .query((_, _) -> true)
                .single();
    }

    /**
     * When the other messages about the same reference reached a recipient. A reservation counts as now, but only while
     * its claim is valid: after its owner's death, the process that rescues the claim settles it.
     */
    List<Instant> others(Contact contact, UUID messageId, Instant since, Instant now) {
        return jdbc
                .sql("""
                        select case when c.reserved_at is not null and exists (
                                   select from outbox o
                                   where o.aggregate_id = c.message_id and o.claim_token is not null
                                     and o.open)
                               then :now else c.counted_at end as at
                        from contact c
                        where c.client = :client and c.test = :test and c.reference = :reference
                          and c.message_id <> :messageId
                          and (c.counted_at > :since or c.reserved_at is not null)
                        """)
                .param("now", now.atOffset(UTC))
                .param("client", contact.client())
                .param("test", contact.test())
                .param("reference", contact.reference())
                .param("messageId", messageId)
                .param("since", since.atOffset(UTC))
                .query((row, _) -> row.getObject("at", OffsetDateTime.class))
                .list()
                .stream()
                .filter(Objects::nonNull)
                .map(OffsetDateTime::toInstant)
                .toList();
    }

    void reserve(Contact contact, UUID messageId, Instant now) {
        jdbc.sql("""
                        insert into contact (message_id, client, test, reference, reserved_at)
                        values (:messageId, :client, :test, :reference, :now)
                        on conflict (message_id) do update set reserved_at = excluded.reserved_at
                        """)
                .param("messageId", messageId)
                .param("client", contact.client())
                .param("test", contact.test())
                .param("reference", contact.reference())
                .param("now", now.atOffset(UTC))
                .update();
    }

    /**
     * Counts messages that reached a recipient, by the end of the attempt. Each message counts once, with its last
     * contact.
     */
    void count(Collection<AttemptSettled> attempts) {
        jdbc.sql("""
                        insert into contact (message_id, client, test, reference, counted_at)
                        select m.id, m.client, m.test, %s, attempt.ended_at
                        from unnest(:ids, :ended) as attempt (id, ended_at) join message m on m.id = attempt.id
                        on conflict (message_id) do update set counted_at = excluded.counted_at, reserved_at = null
                        """.formatted(REFERENCE))
                .param("ids", ids(attempts))
                .param(
                        "ended",
                        new SqlArrayValue(
                                "timestamptz",
                                attempts.stream()
                                        .map(it -> it.update().at().toString())
                                        .toArray()))
                .update();
    }

    /** Releases the reservations of attempts that reached nobody; an earlier counted contact remains. */
    void release(Collection<AttemptSettled> attempts) {
        jdbc.sql("update contact set reserved_at = null where message_id = any (:ids)")
                .param("ids", ids(attempts))
                .update();
    }

    /** Counts a message of purpose COLLECTION that turned out to be sent, unless it counts already. */
    void countLateSuccess(UUID messageId, Instant at) {
        jdbc.sql("""
                        insert into contact (message_id, client, test, reference, counted_at)
                        select m.id, m.client, m.test, %s, :at
                        from message m where m.id = :id and m.purpose = 'COLLECTION'
                        on conflict (message_id) do update
                        set counted_at = coalesce(contact.counted_at, excluded.counted_at)
                        """.formatted(REFERENCE))
                .param("id", messageId)
                .param("at", at.atOffset(UTC))
                .update();
    }

    /**
     * Deletes contacts that no rule needs any more, in one short step by message id. Ids sort by acceptance, and no
     * contact is earlier than its message's acceptance.
     *
     * @param after only about messages accepted after this one, where the last step ended
     * @param max how many rows to read
     * @return the message id to continue from, or null at the end
     */
    @Nullable UUID removeBefore(Instant before, UUID after, int max) {
        return jdbc.sql("""
                        with step as materialized (
                            select message_id, counted_at, reserved_at from contact
                            where message_id > :after and message_id < :upTo order by message_id limit :max),
                        removed as (
                            delete from contact
                            where message_id = any (array(
                                select message_id from step
                                where (counted_at is null or counted_at < :before)
                                  and (reserved_at is null or reserved_at < :before))))
                        select message_id from step order by message_id desc limit 1
                        """)
                .param("after", after)
                .param("upTo", MessageIds.first(before))
                .param("before", before.atOffset(UTC))
                .param("max", max)
                .query(UUID.class)
                .optional()
                .orElse(null);
    }

    private static SqlArrayValue ids(Collection<AttemptSettled> attempts) {
        return new SqlArrayValue(
                "uuid", attempts.stream().map(it -> it.update().messageId()).toArray());
    }
}
