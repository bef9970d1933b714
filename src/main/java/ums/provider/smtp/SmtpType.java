package ums.provider.smtp;

import java.time.Clock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import ums.provider.CircuitChanged;
import ums.provider.Provider;
import ums.provider.ProviderType;

/** The type {@code smtp}: a relay, or a provider's SMTP server. */
@Component
class SmtpType implements ProviderType<SmtpProperties> {

    private static final Logger log = LoggerFactory.getLogger(SmtpType.class);

    private final Clock clock;

    SmtpType(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String name() {
        return "smtp";
    }

    @Override
    public String channel() {
        return "email";
    }

    @Override
    public Class<SmtpProperties> settings() {
        return SmtpProperties.class;
    }

    @Override
    public @Nullable String shortForm() {
        return "ums.email.smtp";
    }

    @Override
    public boolean isSet(SmtpProperties settings) {
        return settings.host() != null;
    }

    @Override
    public Provider<?> create(String id, SmtpProperties settings, Consumer<CircuitChanged> circuitListener) {
        SmtpServer server = settings.server();
        log.info("The provider {} sends e-mails to the SMTP server {}", id, server);
        return new SmtpProvider(id, server, clock, circuitListener);
    }
}
