package ums.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import ums.UmsStory;
import ums.lifecycle.VitalThread;
import ums.provider.Providers;

/** Liveness fails if one of the vital threads has ended, so that the process is restarted. */
class ThreadsHealthTest extends UmsStory {

    @Autowired
    ThreadsHealthIndicator indicator;

    @Autowired
    ObjectProvider<VitalThread> threads;

    @Autowired
    Providers providers;

    @Autowired
    DefaultListableBeanFactory beans;

    @Test
    void withAllThreadsTheProcessIsLive() {
        assertThat(threads.stream().map(VitalThread::threadName))
                .containsExactlyInAnyOrder("dispatcher", "heartbeat", "outbox-listener");
        assertThat(providers.live().stream().flatMap(it -> it.provider().threads().stream()))
                .extracting(VitalThread::threadName)
                .containsExactly("smtp-watchdog");

        assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
        assertThat(indicator.health().getDetails()).isEmpty();
        assertThat(ums.actuator("/actuator/health/liveness").status()).isEqualTo(200);
    }

    @Test
    void withoutOneTheProcessIsNotLiveAndNamesTheThread() {
        beans.registerSingleton("one", new Stub("still-there", false));
        beans.registerSingleton("other", new Stub("long-gone", true));
        try {
            Health health = indicator.health();

            assertThat(health.getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.getDetails()).isEqualTo(Map.of("gone", List.of("long-gone")));
            assertThat(ums.actuator("/actuator/health/liveness").status()).isEqualTo(503);
            assertThat(ums.actuator("/actuator/health/readiness").status()).isEqualTo(200);
        } finally {
            beans.destroySingleton("one");
            beans.destroySingleton("other");
        }
        assertThat(ums.actuator("/actuator/health/liveness").status()).isEqualTo(200);
    }

    /** A stub in place of a thread. */
    private record Stub(String threadName, boolean isGone) implements VitalThread {}
}
