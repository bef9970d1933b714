package ums.access;

import static java.time.ZoneOffset.UTC;
import static java.util.Objects.requireNonNull;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/** All SQL on API keys. */
@Repository
class ApiKeyRepository {

    private static final Logger log = LoggerFactory.getLogger(ApiKeyRepository.class);

    private final JdbcClient jdbc;
    /** The ids of unreadable keys that were logged already. */
    private final Set<String> unreadable = ConcurrentHashMap.newKeySet();

    ApiKeyRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @return false if a key with this hash exists */
    boolean insert(ApiKey key, byte[] hash) {
        Instant expiresAt = key.expiresAt();
        return jdbc.sql("""
                                insert into api_key (id, client, name, mode, key_hash, senders, scopes, created_at, expires_at)
                                values (:id, :client, :name, :mode, :hash, :senders, :scopes, :createdAt, :expiresAt)
                                on conflict (key_hash) do nothing
                                """)
                        .param("id", key.id())
                        .param("client", key.client())
                        .param("name", key.name())
                        .param("mode", key.mode().name().toLowerCase(Locale.ROOT))
                        .param("hash", hash)
                        .param("senders", new SqlArrayValue("text", key.from().toArray()))
                        .param("scopes", new SqlArrayValue("text", codes(key.scopes())))
                        .param("createdAt", key.createdAt().atOffset(UTC))
                        .param(
                                "expiresAt",
                                expiresAt == null ? null : expiresAt.atOffset(UTC),
                                Types.TIMESTAMP_WITH_TIMEZONE)
                        .update()
                == 1;
    }

    /** @return false if there is no such key, or it is revoked already */
    boolean revoke(UUID id, Instant at) {
        return jdbc.sql("update api_key set revoked_at = :at where id = :id and revoked_at is null")
                        .param("id", id)
                        .param("at", at.atOffset(UTC))
                        .update()
                == 1;
    }

    /** All keys that are not revoked, newest first. */
    List<Stored> findAll() {
        return jdbc.sql("""
                        select id, client, name, mode, key_hash, senders, scopes, created_at, expires_at, last_used_at
                        from api_key where revoked_at is null order by id desc
                        """).query((row, _) -> readable(row)).list().stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** An unreadable key is left out, so that the others stay valid. */
    private Optional<Stored> readable(ResultSet row) throws SQLException {
        try {
            return Optional.of(stored(row));
        } catch (RuntimeException e) {
            String id = row.getString("id");
            if (unreadable.add(id)) {
                log.error(
                        "The API key {} cannot be read and is refused: {}",
                        id,
                        e.getClass().getName());
            }
            return Optional.empty();
        }
    }

    /** Stores when keys were last used, unless another process has stored a later use. */
    void use(Map<UUID, Instant> lastUses) {
        List<UUID> ids = List.copyOf(lastUses.keySet());
        jdbc.sql("""
                        update api_key k set last_used_at = u.at
                        from unnest(:ids, :times) as u (id, at)
                        where k.id = u.id and (k.last_used_at is null or k.last_used_at < u.at)
                        """)
                .param("ids", new SqlArrayValue("uuid", ids.toArray()))
                .param(
                        "times",
                        new SqlArrayValue(
                                "timestamptz",
                                ids.stream()
                                        .map(it ->
                                                requireNonNull(lastUses.get(it)).atOffset(UTC))
                                        .toArray()))
                .update();
    }

    /**
     * Removes keys that were revoked or expired before a time.
     *
     * @param except the name of keys to keep: a revoked one must not be created again
     * @param max how many at most
     * @return how many were removed
     */
    int removeEnded(Instant before, String except, int max) {
        return jdbc.sql("""
                        delete from api_key
                        where id = any (array(
                            select id from api_key
                            where least(revoked_at, expires_at) < :before and name <> :except
                            order by least(revoked_at, expires_at) limit :max))
                        """)
                .param("before", before.atOffset(UTC))
                .param("except", except)
                .param("max", max)
                .update();
    }

    private static Stored stored(ResultSet row) throws SQLException {
        return new Stored(
                new ApiKey(
                        row.getObject("id", UUID.class),
                        row.getString("client"),
                        row.getString("name"),
                        ApiKey.Mode.valueOf(row.getString("mode").toUpperCase(Locale.ROOT)),
                        Set.of((String[]) row.getArray("senders").getArray()),
                        scopes((String[]) row.getArray("scopes").getArray()),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        instant(row, "expires_at"),
                        instant(row, "last_used_at")),
                row.getBytes("key_hash"));
    }

    /** Empty for all, so that a key for all has those of later releases too. */
    private static Object[] codes(Set<Scope> scopes) {
        return scopes.equals(Scope.ALL)
                ? new Object[0]
                : scopes.stream().map(Scope::code).toArray();
    }

    /** Leaves out scopes that only a newer release knows, as no request here needs them. */
    private static Set<Scope> scopes(String[] codes) {
        return codes.length == 0
                ? Scope.ALL
                : Stream.of(codes)
                        .map(Scope::of)
                        .flatMap(Optional::stream)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Scope.class)));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    /** A key with its hash. */
    record Stored(ApiKey key, byte[] hash) {}
}
