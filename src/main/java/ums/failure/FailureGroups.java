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

/** The open failures, put together by kind and by what the provider said: who decides about one often decides about all. */
@Repository
public class FailureGroups {

    /** Of more than so many open failures the newest are put together. */
    private static final int LOOKED_AT = 20_000;

    /** What a reply says of one message only: addresses, queue numbers, times. */
    private static final String PATTERN = "\\S*@\\S*|<[^>]*>|\\m(?=\\w*\\d)\\w{5,}\\M";

    /** What the replies of a group have in common. */
    private static final String SAID =
            "regexp_replace(coalesce(f.error_message, ''), '%s', '…', 'g')".formatted(PATTERN);

    /** Tells a failure's group, in any SQL where the failure is {@code f}. */
    static final String GROUP = "md5(f.error_type || ' ' || coalesce(f.code, '') || ' ' || " + SAID + ")";

    private final JdbcClient jdbc;

    FailureGroups(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The largest groups, the largest first. */
    public List<Group> list(int max) {
        return groups(null, max);
    }

    /** One group; empty where it has no open failure any more. */
    public Optional<Group> find(String id) {
        return groups(id, 1).stream().findFirst();
    }

    /**
     * The open failures of a group, newest first; like the groups, of the newest of all.
     *
     * @param before only those older than this one, or null for the newest
     */
    public List<SendFailure> failures(Group group, @Nullable UUID before, int limit) {
        return jdbc.sql("""
                        select f.* from (
                            select * from send_failure where not handled order by id desc limit :lookedAt) f
                        where f.error_type = :type and f.code is not distinct from :code
                            and %s and %s = :id
                        order by f.id desc limit :limit
                        """.formatted(before == null ? "true" : "f.id < :before", GROUP))
                .param("lookedAt", LOOKED_AT)
                .param("type", group.error.type().name())
                .param("code", group.error.code(), Types.VARCHAR)
                .param("id", group.id)
                .param("before", before)
                .param("limit", limit)
                .query(FailureRepository::failure)
                .list();
    }

    /** What was said is made out once a failure, and the group's name once a group. */
    private List<Group> groups(@Nullable String id, int max) {
        return jdbc.sql("""
                        select * from (
                            select md5(error_type || ' ' || coalesce(code, '') || ' ' || said) as id, g.*
                            from (
                                select error_type, code, said, count(*) as failures, min(occurred_at) as oldest,
                                    max(occurred_at) as newest
                                from (
                                    select f.error_type, f.code, f.occurred_at, %s as said
                                    from send_failure f where not f.handled order by f.id desc limit :lookedAt) open
                                group by error_type, code, said) g) named
                        where %s
                        order by failures desc, newest desc limit :max
                        """.formatted(SAID, id == null ? "true" : "id = :id"))
                .param("lookedAt", LOOKED_AT)
                .param("id", id)
                .param("max", max)
                .query((row, _) -> new Group(
                        row.getString("id"),
                        new Failure(FailureRepository.type(row), row.getString("code"), null, row.getString("said")),
                        row.getInt("failures"),
                        row.getObject("oldest", OffsetDateTime.class).toInstant(),
                        row.getObject("newest", OffsetDateTime.class).toInstant()))
                .list();
    }

    /**
     * Open failures that are alike.
     *
     * @param id names the group for as long as it has failures
     * @param error what they have in common: the type, the code, and the text without what differs from message to message,
     *     which may be empty
     * @param failures how many
     * @param oldest when the first of them occurred
     * @param newest when the last of them did
     */
    public record Group(String id, Failure error, int failures, Instant oldest, Instant newest) {}
}
