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
import org.springframework.transaction.PlatformTransactionManager;
import ums.SettableClock;
import ums.UmsStory;
import ums.audit.AuditLog;

/** Two processes on one database know the same keys, one of them a little later. */
class KeysOfTwoProcessesTest extends UmsStory {

    private final SettableClock clock = new SettableClock();

    @Autowired
    ApiKeyRepository repository;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    AuditLog audit;

    @Autowired
    PlatformTransactionManager transactions;

    private ApiKeys one;
    private ApiKeys other;

    @BeforeEach
    void startTwo() {
        one = new ApiKeys(repository, audit, transactions, clock);
        other = new ApiKeys(repository, audit, transactions, clock);
        other.refresh();
    }

    @Test
    void aKeyMadeOrRevokedInOneIsMadeOrRevokedInTheOtherWhenItNextLooks() {
        ApiKeys.NewApiKey made = create(null);
        assertThat(one.find(made.secret())).contains(made.key());
        assertThat(other.find(made.secret())).isEmpty();

        other.refresh();
        assertThat(other.find(made.secret())).contains(made.key());

        one.revoke("kim", made.key().id());
        assertThat(one.find(made.secret())).isEmpty();
        other.refresh();
        assertThat(other.find(made.secret())).isEmpty();
    }

    @Test
    void anExpiredKeyStopsByItself() {
        ApiKeys.NewApiKey made = create(clock.instant().plusSeconds(60));
        assertThat(one.find(made.secret())).isPresent();

        clock.advance(Duration.ofSeconds(61));

        assertThat(one.find(made.secret())).isEmpty();
    }

    @Test
    void theLastUseIsKnownToTheMinuteWhereverItWas() {
        Instant noon = Instant.parse("2026-11-24T12:00:00Z");
        clock.set(noon.plusSeconds(42));
        ApiKeys.NewApiKey made = create(null);
        other.refresh();
        assertThat(lastUse(made.key().id())).isNull();

        one.find(made.secret());
        one.writeUses();
        assertThat(lastUse(made.key().id())).isEqualTo(noon);

        clock.advance(Duration.ofMinutes(5));
        other.find(made.secret());
        other.writeUses();
        clock.set(noon.plus(1, ChronoUnit.MINUTES));
        one.find(made.secret());
        one.writeUses();
        assertThat(lastUse(made.key().id())).isEqualTo(noon.plus(5, ChronoUnit.MINUTES));
    }

    @Test
    void whatIsCommittedHoldsAtOnceEvenWhereTheKeysCannotBeReadAgain() {
        AtomicBoolean deaf = new AtomicBoolean();
        one = new ApiKeys(
                new ApiKeyRepository(jdbc) {
                    @Override
                    List<Stored> findAll() {
                        if (deaf.get()) {
                            throw new DataAccessResourceFailureException("the database does not answer");
                        }
                        return super.findAll();
                    }
                },
                audit,
                transactions,
                clock);
        ApiKeys.NewApiKey old = create(null);
        assertThat(one.find(old.secret())).isPresent();
        deaf.set(true);

        ApiKeys.NewApiKey made = create(null);
        assertThat(one.find(made.secret())).contains(made.key());
        assertThat(one.revoke("kim", old.key().id())).isTrue();
        assertThat(one.find(old.secret())).isEmpty();
        assertThat(one.find(made.secret())).isPresent();
    }

    private ApiKeys.NewApiKey create(Instant expiresAt) {
        return one.create("kim", "shop", "two", ApiKey.Mode.LIVE, Set.of(), expiresAt);
    }

    private Instant lastUse(UUID id) {
        return one.list().stream()
                .filter(it -> it.id().equals(id))
                .findFirst()
                .orElseThrow()
                .lastUsedAt();
    }
}
