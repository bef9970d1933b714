package ums.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import ums.UmsStory;
import ums.clock.ClockSkew;
import ums.clock.Clocks;

/** The health indicators besides database, disk and SMTP server. */
class HealthTest extends UmsStory {

    @Autowired
    DispatcherHealthIndicator dispatcher;

    @Autowired
    BacklogHealthIndicator backlog;

    @Autowired
    ClockHealthIndicator clock;

    @Autowired
    HealthEndpointGroups groups;

    @Test
    void theDispatcherHasHeartbeatsAndClaims() {
        Health health = await().until(dispatcher::health, it -> it.getStatus().equals(Status.UP));

        assertThat(health.getDetails())
                .containsEntry("beating", true)
                .containsEntry("claiming", true)
                .containsEntry("concurrency", 64)
                .containsKeys("inFlight", "lastBeatSecondsAgo");
    }

    @Test
    void theBacklogIsShownWithItsBound() {
        Health health = await().until(backlog::health, it -> it.getStatus().equals(Status.UP));

        assertThat(health.getDetails())
                .containsEntry("boundSeconds", 300L)
                .containsKeys("ready", "delayed", "processing", "oldestAgeSeconds", "openFailures");
    }

    @Test
    void theClockIsComparedWithTheDatabase() {
        Health health = await().until(clock::health, it -> it.getStatus().equals(Status.UP));

        assertThat(health.getDetails()).containsEntry("boundSeconds", 5L).containsKey("skewSeconds");
    }

    @Test
    void aSkewedClockIsDegradedWithItsSkew() {
        Clocks clocks = Clocks.system();
        ClockSkew skew = new ClockSkew(clocks);
        ClockHealthIndicator wrong = new ClockHealthIndicator(skew);
        assertThat(wrong.health().getStatus()).isEqualTo(Status.UNKNOWN);

        skew.measured(clocks.read(), Instant.now().plusSeconds(3_600));

        assertThat(wrong.health().getStatus()).isEqualTo(ProvidersHealthIndicator.DEGRADED);
        assertThat(wrong.health().getDetails().get("reason").toString()).contains("s behind the database's");
    }

    @Test
    void theyDoNotAffectReadiness() {
        for (String contributor : new String[] {"dispatcher", "backlog", "clock", "diskSpace"}) {
            assertThat(groups.get("readiness").isMember(contributor)).isFalse();
            assertThat(groups.get("liveness").isMember(contributor)).isFalse();
            assertThat(groups.getPrimary().isMember(contributor)).isTrue();
        }
    }

    @Test
    void onlyAdminsSeeDetails() {
        assertThat(ums.actuator("/actuator/health").text())
                .contains("\"status\"")
                .doesNotContain("components");
    }
}
