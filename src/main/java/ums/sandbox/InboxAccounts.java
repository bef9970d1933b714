package ums.sandbox;

import java.time.Clock;
import java.util.function.Consumer;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import ums.channel.Channels;
import ums.channel.Content;
import ums.provider.CircuitChanged;
import ums.provider.Provider;
import ums.provider.SandboxAccounts;
import ums.provider.smtp.SmtpPreset;
import ums.provider.smtp.SmtpProperties;
import ums.provider.smtp.SmtpProvider;
import ums.provider.smtp.SmtpServer;

/** Live e-mails of the sandbox take the whole path through SMTP to the inbox's listener; those of test keys and of other channels need no connection. */
final class InboxAccounts implements SandboxAccounts {

    private static final String EMAIL = "email";
    private static final String SETTINGS = "ums.email.smtp";

    private final Channels channels;
    private final Inbox inbox;
    private final int port;
    private final Binder binder;
    private final Clock clock;

    InboxAccounts(Channels channels, Inbox inbox, int port, Binder binder, Clock clock) {
        this.channels = channels;
        this.inbox = inbox;
        this.port = port;
        this.binder = binder;
        this.clock = clock;
    }

    @Override
    public Provider<?> live(String channel, Consumer<CircuitChanged> circuitListener) {
        if (!channel.equals(EMAIL)) {
            return test(channel);
        }
        SmtpProperties settings = binder.bindOrCreate(SETTINGS, Bindable.of(SmtpProperties.class));
        SmtpServer server = new SmtpServer(
                InboxServer.HOST,
                port,
                null,
                null,
                SmtpServer.Tls.OFF,
                settings.timeout(),
                settings.maxConnections(),
                settings.maxRecipients(),
                SmtpPreset.RELAY);
        return new SmtpProvider(ID, server, clock, circuitListener);
    }

    @Override
    public Provider<Content> test(String channel) {
        return new InboxProvider(channels.find(channel).orElseThrow(), inbox);
    }
}
