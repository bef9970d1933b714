package ums.audit;

import static java.time.ZoneOffset.UTC;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The audit log. Entries are added and read, and removed by retention only; the database refuses all other changes. */
@Repository
public class AuditLog {

    /** The actor of what UMS does by itself. */
    public static final String UMS = "ums";

    /**
     * Ids rise within a millisecond too, so that the entries of one process are listed in the order in which they were made.
     */
    private final TimeBasedEpochGenerator ids = Generators.timeBasedEpochGenerator();

    private final JdbcClient jdbc;
    private final Clock clock;

    AuditLog(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Adds an entry. The caller must have a transaction, so that the action and its entry are committed together or not at all.
     *
     * @param who the admin's name, or {@link #UMS}
     * @param action the action, such as {@code failure.retry}
     * @param target the object of the action, such as {@code api-key:} and its id
     * @param reason the admin's reason, or null if none is asked for
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void record(String who, String action, String target, @Nullable String reason) {
        jdbc.sql("""
                        insert into audit_entry (id, at, who, action, target, reason)
                        values (:id, :at, :who, :action, :target, :reason)
                        """)
                .param("id", ids.generate())
                .param("at", clock.instant().atOffset(UTC))
                .param("who", who)
                .param("action", action)
                .param("target", target)
                .param("reason", reason, Types.VARCHAR)
                .update();
    }

    /** Removes older entries, the oldest first, in the caller's transaction. Returns how many. */
    int removeBefore(Instant before, int max) {
        jdbc.sql("select set_config('ums.audit_retention', 'on', true)")
                .query(String.class)
                .single();
        // The database refuses to remove entries that are younger by its own clock, so they are not selected.
        return jdbc.sql("""
                        delete from audit_entry
                        where id = any (array(
                            select id from (select id, at from audit_entry order by id limit :max) oldest
                            where at < :before and at < now() - interval '30 days'))
                        """)
                .param("before", before.atOffset(UTC))
                .param("max", max)
                .update();
    }

    /**
     * The log, newest first.
     *
     * @param before only entries older than this one, or null for the newest
     * @param limit how many at most
     */
    public List<AuditEntry> list(@Nullable UUID before, int limit) {
        return jdbc.sql("""
                        select id, at, who, action, target, reason from audit_entry
                        where %s order by id desc limit :limit
                        """.formatted(before == null ? "true" : "id < :before"))
                .param("before", before)
                .param("limit", limit)
                .query((row, _) -> new AuditEntry(
                        row.getObject("id", UUID.class),
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        row.getString("who"),
                        row.getString("action"),
                        row.getString("target"),
                        row.getString("reason")))
                .list();
    }
}
