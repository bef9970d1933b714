package ums.failure;

import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import ums.channel.Failure;

/** Groups open failures by type, provider, code and the provider's words, as one decision often fits all failures of a group. */
@Repository
public class FailureGroups {

    /** Only so many of the newest open failures are grouped. */
    private static final int MAX_GROUPED = 20_000;

    /** The parts of a reply that differ from message to message: addresses, queue numbers, times. */
    private static final String PATTERN = "\\S*@\\S*|<[^>]*>|\\m(?=\\w*\\d)\\w{5,}\\M";

    /** SQL: the reply of the failure {@code f} without these parts. */
    private static final String SAID =
            "regexp_replace(coalesce(f.error_message, ''), '%s', '…', 'g')".formatted(PATTERN);

    /** SQL: the group's id of the failure {@code f}. */
    static final String GROUP =
            "md5(f.error_type || ' ' || coalesce(f.provider, '') || ' ' || coalesce(f.code, '') || ' ' || " + SAID
                    + ")";

    private final JdbcClient jdbc;

    FailureGroups(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The largest groups, the largest first. */
    public List<Group> list(int max) {
        return groups(null, max);
    }

    /** One group; empty if it has no open failure any more. */
    public Optional<Group> find(String id) {
        return groups(id, 1).stream().findFirst();
    }

    /**
     * The open failures of a group, newest first; only those that {@link #list} has grouped.
     *
     * @param before only those older than this one, or null for the newest
     */
    public List<SendFailure> failures(Group group, @Nullable UUID before, int limit) {
        return jdbc.sql("""
                        select f.* from (
                            select * from send_failure where not handled order by id desc limit :maxGrouped) f
                        where f.error_type = :type and f.code is not distinct from :code
                            and f.provider is not distinct from :provider and %s and %s = :id
                        order by f.id desc limit :limit
                        """.formatted(before == null ? "true" : "f.id < :before", GROUP))
                .param("maxGrouped", MAX_GROUPED)
                .param("type", group.error.type().name())
                .param("code", group.error.code(), Types.VARCHAR)
                .param("provider", group.error.provider(), Types.VARCHAR)
                .param("id", group.id)
                .param("before", before)
                .param("limit", limit)
                .query(FailureRepository::failure)
                .list();
    }

    /** The regular expression runs once a failure, the digest once a group. */
    private List<Group> groups(@Nullable String id, int max) {
        return jdbc.sql("""
                        select * from (
                            select md5(error_type || ' ' || coalesce(provider, '') || ' ' || coalesce(code, '') || ' ' || said) as id,
                                g.*
                            from (
                                select error_type, provider, code, said, count(*) as failures, min(occurred_at) as oldest,
                                    max(occurred_at) as newest
                                from (
                                    select f.error_type, f.provider, f.code, f.occurred_at, %s as said
                                    from send_failure f where not f.handled order by f.id desc limit :maxGrouped) open
                                group by error_type, provider, code, said) g) named
                        where %s
                        order by failures desc, newest desc limit :max
                        """.formatted(SAID, id == null ? "true" : "id = :id"))
                .param("maxGrouped", MAX_GROUPED)
                .param("id", id)
                .param("max", max)
                .query((row, _) -> new Group(
                        row.getString("id"),
                        new Failure(
                                FailureRepository.type(row),
                                row.getString("code"),
                                null,
                                row.getString("said"),
                                row.getString("provider")),
                        row.getInt("failures"),
                        row.getObject("oldest", OffsetDateTime.class).toInstant(),
                        row.getObject("newest", OffsetDateTime.class).toInstant()))
                .list();
    }

    /**
     * Open failures of the same error.
     *
     * @param id the group's id, the same for as long as it has failures
     * @param error the common type, provider and code, and the text without the parts that differ, which may be empty
     * @param failures how many
     * @param oldest when the first of them occurred
     * @param newest when the last of them occurred
     */
    public record Group(String id, Failure error, int failures, Instant oldest, Instant newest) {}
}
