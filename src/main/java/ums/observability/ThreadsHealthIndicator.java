package ums.observability;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;
import ums.lifecycle.VitalThread;

/** Whether all threads run that this process cannot work without: {@code threads} in the health, and in liveness. */
@Component
class ThreadsHealthIndicator implements HealthIndicator {

    private final ObjectProvider<VitalThread> threads;

    ThreadsHealthIndicator(ObjectProvider<VitalThread> threads) {
        this.threads = threads;
    }

    @Override
    public Health health() {
        List<String> gone = threads.stream()
                .filter(VitalThread::isGone)
                .map(VitalThread::threadName)
                .toList();
        return gone.isEmpty()
                ? Health.up().build()
                : Health.down().withDetail("gone", gone).build();
    }
}
