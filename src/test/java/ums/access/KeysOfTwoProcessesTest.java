package ums.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import ums.SettableClock;
import ums.UmsStory;
import ums.audit.AuditLog;

/** Two processes on one database have the same keys, one of them a little later. */
class KeysOfTwoProcessesTest extends UmsStory {

    private final SettableClock clock = new SettableClock();

    @Autowired
    ApiKeyRepository repository;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    AuditLog audit;

    @Autowired
    TransactionOperations transaction;

    private ApiKeys one;
    private ApiKeys other;

    @BeforeEach
    void startTwo() {
        one = new ApiKeys(repository, audit, transaction, clock);
        other = new ApiKeys(repository, audit, transaction, clock);
        other.refresh();
    }

    @Test
    void aKeyCreatedOrRevokedInOneProcessIsSoInTheOtherAfterItsNextRefresh() {
        ApiKeys.NewApiKey created = create(null);
        assertThat(one.find(created.secret())).contains(created.key());
        assertThat(other.find(created.secret())).isEmpty();

        other.refresh();
        assertThat(other.find(created.secret())).contains(created.key());

        one.revoke("kim", created.key().id());
        assertThat(one.find(created.secret())).isEmpty();
        other.refresh();
        assertThat(other.find(created.secret())).isEmpty();
    }

    @Test
    void anExpiredKeyIsRefused() {
        ApiKeys.NewApiKey created = create(clock.instant().plusSeconds(60));
        assertThat(one.find(created.secret())).isPresent();

        clock.advance(Duration.ofSeconds(61));

        assertThat(one.find(created.secret())).isEmpty();
    }

    @Test
    void theLastUseInAnyProcessIsKnownToTheMinute() {
        Instant noon = Instant.parse("2026-11-24T12:00:00Z");
        clock.set(noon.plusSeconds(42));
        ApiKeys.NewApiKey created = create(null);
        other.refresh();
        assertThat(lastUse(created.key().id())).isNull();

        one.find(created.secret());
        one.writeUses();
        assertThat(lastUse(created.key().id())).isEqualTo(noon);

        clock.advance(Duration.ofMinutes(5));
        other.find(created.secret());
        other.writeUses();
        clock.set(noon.plus(1, ChronoUnit.MINUTES));
        one.find(created.secret());
        one.writeUses();
        assertThat(lastUse(created.key().id())).isEqualTo(noon.plus(5, ChronoUnit.MINUTES));
    }

    @Test
    void aCommittedChangeIsValidAtOnceEvenIfTheKeysCannotBeReadAgain() {
        AtomicBoolean unreadable = new AtomicBoolean();
        one = new ApiKeys(
                new ApiKeyRepository(jdbc) {
                    @Override
                    List<Stored> findAll() {
                        if (unreadable.get()) {
                            throw new DataAccessResourceFailureException("the database does not answer");
                        }
                        return super.findAll();
                    }
                },
                audit,
                transaction,
                clock);
        ApiKeys.NewApiKey old = create(null);
        assertThat(one.find(old.secret())).isPresent();
        unreadable.set(true);

        ApiKeys.NewApiKey created = create(null);
        assertThat(one.find(created.secret())).contains(created.key());
        assertThat(one.revoke("kim", old.key().id())).isTrue();
        assertThat(one.find(old.secret())).isEmpty();
        assertThat(one.find(created.secret())).isPresent();
    }

    @Test
    void aScopeThatOnlyANewerReleaseKnowsAllowsNothingHere() {
        ApiKeys.NewApiKey some = create(null);
        ApiKeys.NewApiKey none = create(null);
        setScopes(some.key().id(), "{send,reports}");
        setScopes(none.key().id(), "{reports}");

        other.refresh();

        assertThat(other.find(some.secret()).orElseThrow().scopes()).containsExactly(Scope.SEND);
        assertThat(other.find(none.secret()).orElseThrow().scopes()).isEmpty();
    }

    private void setScopes(UUID key, String scopes) {
        jdbc.sql("update api_key set scopes = :scopes::text[] where id = :id")
                .param("scopes", scopes)
                .param("id", key)
                .update();
    }

    private ApiKeys.NewApiKey create(Instant expiresAt) {
        return one.create("kim", new KeyRequest("shop", "two", ApiKey.Mode.LIVE, Set.of(), Scope.ALL, expiresAt));
    }

    private Instant lastUse(UUID id) {
        return one.list().stream()
                .filter(it -> it.id().equals(id))
                .findFirst()
                .orElseThrow()
                .lastUsedAt();
    }
}
