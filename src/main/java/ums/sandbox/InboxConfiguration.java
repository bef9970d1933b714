package ums.sandbox;

import java.time.Clock;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;
import ums.channel.email.EmailProperties;
import ums.channel.email.EmailSender;
import ums.channel.email.SmtpServer;

/** The inbox: its store always; its SMTP listener, and all mail into it, only where no SMTP server is configured. */
@Configuration(proxyBeanMethods = false)
class InboxConfiguration {

    private static final Logger log = LoggerFactory.getLogger(InboxConfiguration.class);

    @Bean
    Inbox inbox(UmsHome home) {
        return new Inbox(home.folder().resolve("inbox"), Inbox.CAPACITY, Clock.systemUTC());
    }

    @Bean
    EmailSender inboxEmailSender(Inbox inbox) {
        return new InboxEmailSender(inbox);
    }

    @Bean
    @Conditional({NoSmtpServerConfigured.class, Sends.class})
    InboxServer inboxServer(Inbox inbox, InboxProperties properties) {
        return new InboxServer(inbox, properties.port());
    }

    /** Tells other beans whether this is the sandbox. */
    @Bean
    Sandbox sandbox(EmailProperties email) {
        return new Sandbox(email.smtp().host() == null);
    }

    /** Depends on the listener, so that the listener stops after all senders. */
    @Bean
    @Conditional(NoSmtpServerConfigured.class)
    SmtpServer inboxSmtpServer(
            ObjectProvider<InboxServer> listener, InboxProperties properties, EmailProperties email) {
        InboxServer listening = listener.getIfAvailable();
        return new SmtpServer(
                InboxServer.HOST,
                listening == null ? properties.port() : listening.port(),
                null,
                null,
                SmtpServer.Tls.OFF,
                email.smtp().timeout(),
                email.smtp().maxConnections());
    }

    /** Logs at WARN that no mail leaves the machine, so that no user waits for one. */
    @Bean
    @Conditional(NoSmtpServerConfigured.class)
    ApplicationRunner sandboxNotice() {
        return _ -> log.warn("SANDBOX: nothing leaves this machine. E-mails go to the built-in inbox: GET /inbox");
    }

    /** An empty host counts as unset, as compose files often unset an environment variable with it. */
    static final class NoSmtpServerConfigured implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !StringUtils.hasText(context.getEnvironment().getProperty("ums.email.smtp.host"));
        }
    }

    /**
     * A process of the role {@code api} only accepts messages, and one of the role {@code relay} only relays them; all
     * others listen.
     */
    static final class Sends implements Condition {

        private static final Set<String> SEND_NOTHING = Set.of("api", "relay");

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            String role = context.getEnvironment().getProperty("ums.role", "all");
            return !SEND_NOTHING.contains(role.toLowerCase(Locale.ROOT));
        }
    }
}
