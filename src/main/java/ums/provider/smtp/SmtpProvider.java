package ums.provider.smtp;

import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import ums.channel.Delivery;
import ums.channel.email.Email;
import ums.channel.email.EmailContent;
import ums.channel.email.RenderedEmail;
import ums.lifecycle.VitalThread;
import ums.provider.CircuitBreaker;
import ums.provider.CircuitChanged;
import ums.provider.Outcome;
import ums.provider.Provider;
import ums.provider.RecipientOutcome;

/** An account at an SMTP server. */
public final class SmtpProvider implements Provider<EmailContent>, VitalThread {

    private final SmtpServer server;
    private final SmtpClient client;

    /**
     * @param id the account's id
     * @param clock for the time at which the circuit opened
     * @param circuitListener notified when the circuit opens and when it closes, in sequence; must not block
     */
    public SmtpProvider(String id, SmtpServer server, Clock clock, Consumer<CircuitChanged> circuitListener) {
        this.server = server;
        this.client = new SmtpClient(server, new CircuitBreaker(id, server.toString(), clock, circuitListener));
    }

    @Override
    public String channel() {
        return "email";
    }

    @Override
    public String endpoint() {
        return server.toString();
    }

    @Override
    public List<RecipientOutcome> send(Delivery<EmailContent> delivery) {
        return switch (RenderedEmail.of(delivery)) {
            case RenderedEmail.Rendered(Email email) -> client.send(email, SmtpDeadline.at(delivery.deadline()));
            case RenderedEmail.Failed(RuntimeException cause) ->
                RecipientOutcome.all(
                        delivery.recipients(),
                        new Outcome.Invalid("The message cannot be rendered as an e-mail.", cause));
        };
    }

    @Override
    public Availability availability() {
        return client.availability();
    }

    @Override
    public Connections connections() {
        return new Connections(client.allowedConnections(), server.maxConnections());
    }

    @Override
    public List<VitalThread> threads() {
        return List.of(this);
    }

    @Override
    public String threadName() {
        return SmtpWatchdog.THREAD;
    }

    @Override
    public boolean isGone() {
        return client.isUnwatched();
    }

    @Override
    public void close() {
        client.close();
    }
}
