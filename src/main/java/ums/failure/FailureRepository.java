package ums.failure;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import ums.channel.ErrorType;
import ums.channel.Failure;
import ums.message.MessageEvents.AttemptSettled;

/** The SQL on failures, except for {@link FailureGroups} and {@link OpenFailures}. */
@Repository
class FailureRepository {

    private final JdbcClient jdbc;

    FailureRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Writes the one open failure of a message; replaces an earlier one that is still open. */
    void write(UUID id, AttemptSettled settled, Failure error) {
        jdbc.sql("""
                        insert into send_failure (id, message_id, outbox_id, error_type, provider, code, error_message,
                            attempt_count, occurred_at)
                        values (:id, :messageId, :outboxId, :type, :provider, :code, :message, :attempt, :at)
                        on conflict (message_id) where not handled do update
                        set outbox_id = excluded.outbox_id, error_type = excluded.error_type, provider = excluded.provider,
                            code = excluded.code, error_message = excluded.error_message,
                            attempt_count = excluded.attempt_count, occurred_at = excluded.occurred_at
                        """)
                .param("id", id)
                .param("messageId", settled.update().messageId())
                .param("outboxId", settled.claim().outboxId())
                .param("type", error.type().name())
                .param("provider", error.provider(), Types.VARCHAR)
                .param("code", error.code(), Types.VARCHAR)
                .param("message", error.text(), Types.VARCHAR)
                .param("attempt", settled.message().attempt())
                .param("at", settled.update().at().atOffset(UTC))
                .update();
    }

    Optional<SendFailure> find(UUID id) {
        return jdbc.sql("select * from send_failure where id = :id")
                .param("id", id)
                .query(FailureRepository::failure)
                .optional();
    }

    /** Open and handled failures have indexes of their own; for both, each is read and the newest are kept. */
    List<SendFailure> list(FailureFilter filter) {
        String each = """
                (select * from send_failure where %s %s %s order by id desc limit :limit)
                """.formatted(
                        "%s",
                        filter.type() == null ? "" : "and error_type = :type",
                        filter.before() == null ? "" : "and id < :before");
        String failures = Stream.of("not handled", "handled")
                .filter(it -> filter.handled() == null || filter.handled() == it.equals("handled"))
                .map(each::formatted)
                .collect(Collectors.joining("union all"));
        return jdbc.sql("select * from (%s) failure order by id desc limit :limit".formatted(failures))
                .param("type", filter.type() == null ? null : filter.type().name())
                .param("before", filter.before())
                .param("limit", filter.limit())
                .query(FailureRepository::failure)
                .list();
    }

    /** The next open failures after one, oldest first, except for those whose message has expired. */
    List<UUID> open(BulkDecisions.Selection selection, Instant now, Instant before, UUID after, int max) {
        List<String> conditions = new ArrayList<>();
        conditions.add("not f.handled and f.id > :after and f.occurred_at < :before");
        conditions.add("(m.expires_at is null or m.expires_at > :now)");
        if (selection.type() != null) {
            conditions.add("f.error_type = :type");
        }
        if (selection.group() != null) {
            conditions.add(FailureGroups.GROUP + " = :group");
        }
        if (selection.from() != null) {
            conditions.add("f.occurred_at >= :from");
        }
        return jdbc.sql("""
                        select f.id from send_failure f join message m on m.id = f.message_id
                        where %s order by f.id limit :max
                        """.formatted(String.join(" and ", conditions)))
                .param("after", after)
                .param("before", before.atOffset(UTC))
                .param("now", now.atOffset(UTC))
                .param(
                        "type",
                        selection.type() == null ? null : selection.type().name())
                .param("group", selection.group())
                .param(
                        "from",
                        selection.from() == null ? null : selection.from().atOffset(UTC))
                .param("max", max)
                .query((row, _) -> row.getObject("id", UUID.class))
                .list();
    }

    /** @return the failure, handled; empty if it had been handled already */
    Optional<SendFailure> handle(UUID id, String by, Instant at, String resolution) {
        return handle("id = :id", id, by, at, resolution);
    }

    /** @return the failure, handled; empty if the message has no open one */
    Optional<SendFailure> handleOfMessage(UUID messageId, String by, Instant at, String resolution) {
        return handle("message_id = :id", messageId, by, at, resolution);
    }

    private Optional<SendFailure> handle(String which, UUID id, String by, Instant at, String resolution) {
        return jdbc.sql("""
                        update send_failure
                        set handled = true, handled_by = :by, handled_at = :at, resolution = :resolution
                        where %s and not handled
                        returning *
                        """.formatted(which))
                .param("id", id)
                .param("by", by)
                .param("at", at.atOffset(UTC))
                .param("resolution", resolution)
                .query(FailureRepository::failure)
                .optional();
    }

    static SendFailure failure(ResultSet row, int number) throws SQLException {
        return new SendFailure(
                row.getObject("id", UUID.class),
                row.getObject("message_id", UUID.class),
                row.getLong("outbox_id"),
                new Failure(
                        type(row),
                        row.getString("code"),
                        null,
                        row.getString("error_message"),
                        row.getString("provider")),
                row.getInt("attempt_count"),
                row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                row.getBoolean("handled"),
                row.getString("handled_by"),
                instant(row, "handled_at"),
                row.getString("resolution"));
    }

    /** A type that a later version wrote and this one does not know is INVALID. */
    static ErrorType type(ResultSet row) throws SQLException {
        String name = row.getString("error_type");
        return Arrays.stream(ErrorType.values())
                .filter(it -> it.name().equals(name))
                .findFirst()
                .orElse(ErrorType.INVALID);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
