package ums.sandbox;

import java.time.Clock;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;
import ums.channel.Channels;
import ums.provider.Providers;
import ums.provider.SandboxAccounts;

/** The inbox: its store always; its SMTP listener, and all mail into it, only where no provider is configured. */
@Configuration(proxyBeanMethods = false)
class InboxConfiguration {

    private static final Logger log = LoggerFactory.getLogger(InboxConfiguration.class);

    @Bean
    Inbox inbox(UmsHome home) {
        return new Inbox(home.folder().resolve("inbox"), Inbox.CAPACITY, Clock.systemUTC());
    }

    @Bean
    @Conditional({NoProviderConfigured.class, Sends.class})
    InboxServer inboxServer(Inbox inbox, InboxProperties properties) {
        return new InboxServer(inbox, properties.port());
    }

    /** Depends on the listener, so that the listener stops after all providers. */
    @Bean
    SandboxAccounts sandboxAccounts(
            Channels channels,
            Inbox inbox,
            ObjectProvider<InboxServer> listener,
            InboxProperties properties,
            Environment environment,
            Clock clock) {
        InboxServer listening = listener.getIfAvailable();
        int port = listening == null ? properties.port() : listening.port();
        return new InboxAccounts(channels, inbox, port, Binder.get(environment), clock);
    }

    /** Tells other beans whether this is the sandbox. */
    @Bean
    Sandbox sandbox(Providers providers) {
        return new Sandbox(providers.isSandbox());
    }

    /** Logs at WARN that no mail leaves the machine, so that no user waits for one. */
    @Bean
    @Conditional(NoProviderConfigured.class)
    ApplicationRunner sandboxNotice() {
        return _ -> log.warn("SANDBOX: nothing leaves this machine. E-mails go to the built-in inbox: GET /inbox");
    }

    /** An empty host counts as unset, as compose files often unset an environment variable with it. */
    static final class NoProviderConfigured implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            boolean shortForm = StringUtils.hasText(context.getEnvironment().getProperty("ums.email.smtp.host"));
            return !shortForm
                    && !Binder.get(context.getEnvironment())
                            .bind("ums.providers", Bindable.mapOf(String.class, Object.class))
                            .isBound();
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
