package ums.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import ums.UmsStory;

/** What an admin finds in the health besides database, disk and SMTP server. */
class HealthTest extends UmsStory {

    @Autowired
    DispatcherHealthIndicator dispatcher;

    @Autowired
    BacklogHealthIndicator backlog;

    @Autowired
    HealthEndpointGroups groups;

    @Test
    void theDispatcherBeatsAndClaims() {
        Health health = dispatcher.health();

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails())
                .containsEntry("beating", true)
                .containsEntry("claiming", true)
                .containsEntry("concurrency", 64)
                .containsKeys("inFlight", "lastBeatSecondsAgo");
    }

    @Test
    void theBacklogIsShownAgainstItsBound() {
        Health health = await().until(backlog::health, it -> it.getStatus().equals(Status.UP));

        assertThat(health.getDetails())
                .containsEntry("boundSeconds", 300L)
                .containsKeys("ready", "delayed", "processing", "oldestAgeSeconds", "openFailures");
    }

    @Test
    void neitherTakesAnybodyOutOfALoadBalancer() {
        for (String contributor : new String[] {"dispatcher", "backlog", "diskSpace"}) {
            assertThat(groups.get("readiness").isMember(contributor)).isFalse();
            assertThat(groups.get("liveness").isMember(contributor)).isFalse();
            assertThat(groups.getPrimary().isMember(contributor)).isTrue();
        }
    }

    @Test
    void nobodyButAnAdminSeesTheDetails() {
        assertThat(ums.actuator("/actuator/health").text())
                .contains("\"status\"")
                .doesNotContain("components");
    }
}
