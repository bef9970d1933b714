package ums.access;

import com.fasterxml.uuid.Generators;
import jakarta.annotation.PreDestroy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;
import ums.audit.AuditLog;

/**
 * API keys. The valid ones are kept in memory by their hashes, so that a request costs no query, and read again every two
 * seconds, so that keys created or revoked by other processes become known.
 */
@Service
public class ApiKeys {

    private static final Logger log = LoggerFactory.getLogger(ApiKeys.class);
    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final int RANDOM_BYTES = 32;
    private static final MessageDigest SHA_256 = newSha256();

    private final SecureRandom random = new SecureRandom();
    private final ApiKeyRepository repository;
    private final AuditLog audit;
    private final TransactionOperations transaction;
    private final Clock clock;
    private final KeyUse use;
    private volatile @Nullable Snapshot snapshot;

    ApiKeys(ApiKeyRepository repository, AuditLog audit, TransactionOperations transaction, Clock clock) {
        this.repository = repository;
        this.audit = audit;
        this.transaction = transaction;
        this.clock = clock;
        this.use = new KeyUse(clock);
    }

    /**
     * Finds a valid key by its secret. Called for every request, without a query.
     *
     * @return empty if there is no such key, or it is expired or revoked
     * @throws DataAccessException if there is no such key in memory and the keys could not be read for five seconds
     */
    public Optional<ApiKey> find(String presented) {
        Snapshot current = current();
        ApiKey key = current.keys().get(hash(presented));
        if (key == null && System.nanoTime() - current.readAt() > FRESH.toNanos()) {
            throw new DataAccessResourceFailureException("API keys have not been read for too long to refuse one");
        }
        if (key == null || !isInForce(key)) {
            return Optional.empty();
        }
        use.note(key.id());
        return Optional.of(key);
    }

    /**
     * Creates a key.
     *
     * @param who the admin's name, for the audit log
     */
    public NewApiKey create(String who, KeyRequest request) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String secret = "ums_" + request.mode().name().toLowerCase(Locale.ROOT) + "_"
                + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return new NewApiKey(store(who, secret, request), secret);
    }

    /**
     * Creates a key with a known secret unless it exists. Called at the start for the key in {@code sandbox.env}, which
     * outlives its database.
     */
    void ensure(String secret, KeyRequest request) {
        if (current().keys().get(hash(secret)) == null) {
            store(AuditLog.UMS, secret, request);
        }
    }

    /** All keys that are not revoked, newest first; {@code lastUsedAt} as of the last {@link #writeUses}. */
    public List<ApiKey> list() {
        return repository.findAll().stream().map(ApiKeyRepository.Stored::key).toList();
    }

    /**
     * Revokes a key, at once in this process.
     *
     * @param who the admin's name, for the audit log
     * @return false if there is no such key
     */
    public boolean revoke(String who, UUID id) {
        Boolean revoked = transaction.execute(_ -> {
            if (!repository.revoke(id, clock.instant())) {
                return false;
            }
            audit.record(who, "api-key.revoke", target(id), null);
            return true;
        });
        change(keys -> keys.values().removeIf(it -> it.id().equals(id)));
        return Boolean.TRUE.equals(revoked);
    }

    @Scheduled(fixedDelay = 2, initialDelay = 2, timeUnit = TimeUnit.SECONDS)
    void refresh() {
        try {
            read();
        } catch (DataAccessException e) {
            log.debug("API keys could not be read, the ones in memory stay valid: {}", e.toString());
        }
    }

    /** Stores when keys were last used, every minute and when the process ends. */
    @Scheduled(fixedDelay = 1, initialDelay = 1, timeUnit = TimeUnit.MINUTES)
    @PreDestroy
    public void writeUses() {
        Map<UUID, Instant> unwritten = use.unwritten();
        if (unwritten.isEmpty()) {
            return;
        }
        try {
            repository.use(unwritten);
            use.written(unwritten);
        } catch (DataAccessException e) {
            log.debug("Last uses of API keys were not stored, trying again in a minute: {}", e.toString());
        }
    }

    private ApiKey store(String who, String secret, KeyRequest request) {
        Instant expiresAt = request.expiresAt();
        ApiKey key = new ApiKey(
                Generators.timeBasedEpochRandomGenerator().generate(),
                request.client(),
                request.name(),
                request.mode(),
                request.from(),
                request.scopes(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                expiresAt == null ? null : expiresAt.truncatedTo(ChronoUnit.MILLIS),
                null);
        ByteBuffer hash = hash(secret);
        Boolean made = transaction.execute(_ -> {
            if (!repository.insert(key, hash.array())) {
                return false;
            }
            audit.record(who, "api-key.create", target(key.id()), null);
            return true;
        });
        if (Boolean.TRUE.equals(made)) {
            change(keys -> keys.put(hash, key));
        } else {
            read();
        }
        return key;
    }

    private static String target(UUID id) {
        return "api-key:" + id;
    }

    private boolean isInForce(ApiKey key) {
        Instant expiresAt = key.expiresAt();
        return expiresAt == null || expiresAt.isAfter(clock.instant());
    }

    private Snapshot current() {
        Snapshot current = snapshot;
        return current == null ? read() : current;
    }

    private synchronized Snapshot read() {
        long now = System.nanoTime();
        Map<ByteBuffer, ApiKey> keys = repository.findAll().stream()
                .collect(Collectors.toMap(it -> ByteBuffer.wrap(it.hash()), ApiKeyRepository.Stored::key));
        Snapshot read = new Snapshot(keys, now);
        snapshot = read;
        return read;
    }

    /** Applies a committed change to the keys in memory at once, even if the database cannot be read again. */
    private synchronized void change(Consumer<Map<ByteBuffer, ApiKey>> change) {
        Snapshot before = snapshot;
        if (before != null) {
            Map<ByteBuffer, ApiKey> keys = new HashMap<>(before.keys());
            change.accept(keys);
            snapshot = new Snapshot(keys, before.readAt());
        }
    }

    private static ByteBuffer hash(String secret) {
        return ByteBuffer.wrap(sha256().digest(secret.getBytes(StandardCharsets.UTF_8)));
    }

    /** Clones an instance, because looking one up among the security providers costs more than the hash. */
    private static MessageDigest sha256() {
        try {
            return (MessageDigest) SHA_256.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("Java's own SHA-256 can be cloned", e);
        }
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * A new key.
     *
     * @param key the key without its secret
     * @param secret the secret, shown only once
     */
    public record NewApiKey(ApiKey key, String secret) {

        /** Without the secret, so that it cannot reach a log. */
        @Override
        public String toString() {
            return key.toString();
        }
    }

    private record Snapshot(Map<ByteBuffer, ApiKey> keys, long readAt) {}
}
