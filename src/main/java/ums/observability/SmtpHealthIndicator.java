package ums.observability;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;
import ums.channel.MessageSender.Availability;
import ums.channel.email.EmailSender;
import ums.channel.email.SmtpServer;

/**
 * Whether the SMTP server accepts messages: {@code smtp} in the health. In no health group, as messages are accepted
 * and kept without it, and DEGRADED is answered with 200.
 */
@Component
class SmtpHealthIndicator implements HealthIndicator {

    /** Ranked in {@code management.endpoint.health.status.order}. */
    static final Status DEGRADED = new Status("DEGRADED", "messages are accepted and wait");

    private final SmtpServer server;
    private final EmailSender sender;

    SmtpHealthIndicator(SmtpServer server, @Qualifier("smtpEmailSender") EmailSender sender) {
        this.server = server;
        this.sender = sender;
    }

    @Override
    public Health health() {
        Availability availability = sender.availability();
        Health.Builder health = (availability.available() ? Health.up() : Health.status(DEGRADED))
                .withDetail("server", server.toString())
                .withDetail("circuit", availability.available() ? "closed" : "open");
        if (availability.since() != null) {
            health.withDetail("since", availability.since()).withDetail("reason", availability.reason());
        }
        return health.build();
    }
}
