package ums.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HttpCodeStatusMapper;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import ums.UmsStory;
import ums.channel.MessageSender.Availability;
import ums.channel.RecipientOutcome;
import ums.channel.email.Email;
import ums.channel.email.EmailSender;
import ums.channel.email.SmtpServer;

/** A failing SMTP server shows in the health and does not affect readiness. */
class SmtpHealthTest extends UmsStory {

    @Autowired
    SmtpHealthIndicator indicator;

    @Autowired
    SmtpServer server;

    @Autowired
    StatusAggregator aggregator;

    @Autowired
    HttpCodeStatusMapper codes;

    @Autowired
    HealthEndpointGroups groups;

    @Test
    void aWorkingServerIsUp() {
        Health health = indicator.health();

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails()).containsOnlyKeys("server", "circuit").containsEntry("circuit", "closed");
        assertThat(health.getDetails().get("server")).isEqualTo("127.0.0.1:" + server.port());
        assertThat(ums.actuator("/actuator/health").status()).isEqualTo(200);
    }

    @Test
    void anOpenCircuitShowsSinceWhenAndWhy() {
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

        Health health = new SmtpHealthIndicator(server, waiting).health();

        assertThat(health.getStatus()).isEqualTo(SmtpHealthIndicator.DEGRADED);
        assertThat(health.getDetails())
                .containsEntry("circuit", "open")
                .containsEntry("since", since)
                .containsEntry("reason", "CONNECT: connection refused");
    }

    @Test
    void thatIsWorseThanUpAndBetterThanDownAndAnsweredWith200() {
        assertThat(aggregator.getAggregateStatus(Set.of(Status.UP, SmtpHealthIndicator.DEGRADED)))
                .isEqualTo(SmtpHealthIndicator.DEGRADED);
        assertThat(aggregator.getAggregateStatus(Set.of(Status.DOWN, SmtpHealthIndicator.DEGRADED)))
                .isEqualTo(Status.DOWN);
        assertThat(codes.getStatusCode(SmtpHealthIndicator.DEGRADED)).isEqualTo(200);
        assertThat(codes.getStatusCode(Status.DOWN)).isEqualTo(503);
    }

    @Test
    void anOpenCircuitDoesNotAffectReadiness() {
        assertThat(groups.get("readiness").isMember("smtp")).isFalse();
        assertThat(groups.get("liveness").isMember("smtp")).isFalse();
        assertThat(groups.getPrimary().isMember("smtp")).isTrue();
    }
}
