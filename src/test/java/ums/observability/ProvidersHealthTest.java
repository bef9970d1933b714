package ums.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HttpCodeStatusMapper;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import ums.UmsStory;
import ums.channel.email.Email;
import ums.channel.email.EmailSender;
import ums.channel.email.NoopEmailSender;
import ums.provider.EmailProvider;
import ums.provider.Provider.Availability;
import ums.provider.Providers;
import ums.provider.RecipientOutcome;

/** A failing provider shows in the health and does not affect readiness. */
class ProvidersHealthTest extends UmsStory {

    @Autowired
    ProvidersHealthIndicator indicator;

    @Autowired
    Providers providers;

    @Autowired
    StatusAggregator aggregator;

    @Autowired
    HttpCodeStatusMapper codes;

    @Autowired
    HealthEndpointGroups groups;

    @Test
    void aWorkingProviderIsUp() {
        Health health = indicator.health();

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails()).containsOnlyKeys("inbox");
        assertThat(health.getDetails().get("inbox"))
                .isEqualTo(Map.of(
                        "channel",
                        "email",
                        "endpoint",
                        providers.live().getFirst().provider().endpoint(),
                        "circuit",
                        "closed"));
        assertThat(ums.actuator("/actuator/health").status()).isEqualTo(200);
    }

    @Test
    void anOpenCircuitShowsSinceWhenAndWhyAndTheOthersAreClosed() {
        Instant since = Instant.parse("2026-11-23T10:00:00Z");
        EmailSender waiting = new EmailSender() {
            @Override
            public List<RecipientOutcome> send(Email email) {
                throw new AssertionError("health sends nothing");
            }

            @Override
            public Availability availability() {
                return new Availability(false, "CONNECT: connection refused", since);
            }
        };

        Health health = new ProvidersHealthIndicator(
                        EmailProvider.route(Map.of("a", waiting, "b", new NoopEmailSender())))
                .health();

        assertThat(health.getStatus()).isEqualTo(ProvidersHealthIndicator.DEGRADED);
        assertThat(details(health, "a"))
                .containsEntry("circuit", "open")
                .containsEntry("since", since)
                .containsEntry("reason", "CONNECT: connection refused");
        assertThat(details(health, "b")).containsEntry("circuit", "closed");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> details(Health health, String id) {
        return (Map<String, Object>) health.getDetails().get(id);
    }

    @Test
    void thatIsWorseThanUpAndBetterThanDownAndAnsweredWith200() {
        assertThat(aggregator.getAggregateStatus(Set.of(Status.UP, ProvidersHealthIndicator.DEGRADED)))
                .isEqualTo(ProvidersHealthIndicator.DEGRADED);
        assertThat(aggregator.getAggregateStatus(Set.of(Status.DOWN, ProvidersHealthIndicator.DEGRADED)))
                .isEqualTo(Status.DOWN);
        assertThat(codes.getStatusCode(ProvidersHealthIndicator.DEGRADED)).isEqualTo(200);
        assertThat(codes.getStatusCode(Status.DOWN)).isEqualTo(503);
    }

    @Test
    void anOpenCircuitDoesNotAffectReadiness() {
        assertThat(groups.get("readiness").isMember("providers")).isFalse();
        assertThat(groups.get("liveness").isMember("providers")).isFalse();
        assertThat(groups.getPrimary().isMember("providers")).isTrue();
    }
}
