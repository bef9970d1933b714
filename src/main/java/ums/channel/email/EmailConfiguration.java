package ums.channel.email;

import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** The beans that send e-mail: the configured server, and the SMTP client. */
@Configuration(proxyBeanMethods = false)
class EmailConfiguration {

    private static final Logger log = LoggerFactory.getLogger(EmailConfiguration.class);
    private static final Duration DEFAULT_STALE_AFTER = Duration.ofMinutes(2);

    /** The configured server. Where none is configured, the built-in inbox supplies this bean. */
    @Bean
    @Conditional(HostIsSet.class)
    SmtpServer smtpServer(EmailProperties properties) {
        return Objects.requireNonNull(properties.smtp().server());
    }

    /** Logs where e-mails go. */
    @Bean
    @Conditional(HostIsSet.class)
    ApplicationRunner destinationNotice(SmtpServer server) {
        return _ -> log.info("E-mails go to the SMTP server {}", server);
    }

    /**
     * Sends over SMTP. An attempt is cut off after three quarters of {@code ums.dispatch.stale-after}, in time to be
     * settled before its claim is stale.
     */
    @Bean
    SmtpEmailSender smtpEmailSender(
            SmtpServer server, Environment environment, Clock clock, ApplicationEventPublisher events) {
        Duration staleAfter = Binder.get(environment)
                .bind("ums.dispatch.stale-after", Duration.class)
                .orElse(DEFAULT_STALE_AFTER);
        return new SmtpEmailSender(server, staleAfter.multipliedBy(3).dividedBy(4), clock, events::publishEvent);
    }

    /** The channel: live messages go over SMTP, those of test keys into the inbox. */
    @Bean
    EmailChannel emailChannel(
            EmailProperties properties,
            @Qualifier("smtpEmailSender") EmailSender live,
            @Qualifier("inboxEmailSender") EmailSender inbox) {
        return new EmailChannel(properties.from(), properties.smtp().rate(), live, inbox);
    }

    /** An empty value means unset, which {@code ConditionalOnProperty} cannot express. */
    static final class HostIsSet implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return StringUtils.hasText(context.getEnvironment().getProperty("ums.email.smtp.host"));
        }
    }
}
