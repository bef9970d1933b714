package ums.provider.smtp;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import ums.channel.email.Email;
import ums.channel.email.EmailSender;
import ums.provider.CircuitBreaker;
import ums.provider.CircuitChanged;
import ums.provider.Provider.Availability;
import ums.provider.RecipientOutcome;

/** The SMTP client, with the same time limit for each attempt. */
public final class SmtpSender implements EmailSender, AutoCloseable {

    private final SmtpClient client;
    private final Duration attemptTimeout;

    /** @param attemptTimeout null for no limit but that of each step */
    SmtpSender(SmtpServer server, Duration attemptTimeout, Clock clock, Consumer<CircuitChanged> listener) {
        this(
                server,
                attemptTimeout,
                null,
                SmtpConnections.MAX_IDLE_TIME,
                new CircuitBreaker("smtp", server.toString(), clock, listener));
    }

    SmtpSender(
            SmtpServer server,
            Duration attemptTimeout,
            SSLContext trust,
            Duration maxIdleTime,
            CircuitBreaker circuit) {
        this.client = new SmtpClient(server, trust, maxIdleTime, circuit);
        this.attemptTimeout = attemptTimeout;
    }

    @Override
    public List<RecipientOutcome> send(Email email) {
        return client.send(email, attemptTimeout == null ? SmtpDeadline.NEVER : SmtpDeadline.after(attemptTimeout));
    }

    @Override
    public Availability availability() {
        return client.availability();
    }

    boolean isGone() {
        return client.isUnwatched();
    }

    @Override
    public void close() {
        client.close();
    }
}
