package ums.observability;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;
import ums.provider.Account;
import ums.provider.Provider.Availability;
import ums.provider.Providers;

/**
 * Whether the providers take messages: {@code providers} in the health, by account. In no health group, as messages are
 * accepted and kept without them, and DEGRADED is answered with 200.
 */
@Component
class ProvidersHealthIndicator implements HealthIndicator {

    /** Ranked in {@code management.endpoint.health.status.order}. */
    static final Status DEGRADED = new Status("DEGRADED", "messages are accepted and wait");

    private final Providers providers;

    ProvidersHealthIndicator(Providers providers) {
        this.providers = providers;
    }

    @Override
    public Health health() {
        boolean all = providers.live().stream().allMatch(Account::isAvailable);
        Health.Builder health = all ? Health.up() : Health.status(DEGRADED);
        for (Account account : providers.live()) {
            health.withDetail(account.id(), details(account));
        }
        return health.build();
    }

    private static Map<String, Object> details(Account account) {
        Availability availability = account.provider().availability();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("channel", account.provider().channel());
        details.put("endpoint", account.provider().endpoint());
        details.put("circuit", availability.available() ? "closed" : "open");
        if (availability.since() != null) {
            details.put("since", availability.since());
            details.put("reason", availability.reason());
        }
        return details;
    }
}
