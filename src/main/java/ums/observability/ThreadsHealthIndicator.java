package ums.observability;

import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;
import ums.lifecycle.VitalThread;
import ums.provider.Providers;

/** Whether all threads run that this process cannot work without: {@code threads} in the health, and in liveness. */
@Component
class ThreadsHealthIndicator implements HealthIndicator {

    private final ObjectProvider<VitalThread> threads;
    private final Providers providers;

    ThreadsHealthIndicator(ObjectProvider<VitalThread> threads, Providers providers) {
        this.threads = threads;
        this.providers = providers;
    }

    @Override
    public Health health() {
        Stream<VitalThread> ofProviders = providers.live().stream().flatMap(it -> it.provider().threads().stream());
        List<String> gone = Stream.concat(threads.stream(), ofProviders)
                .filter(VitalThread::isGone)
                .map(VitalThread::threadName)
                .toList();
        return gone.isEmpty()
                ? Health.up().build()
                : Health.down().withDetail("gone", gone).build();
    }
}
