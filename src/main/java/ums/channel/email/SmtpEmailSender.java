package ums.channel.email;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import ums.channel.CircuitChanged;
import ums.channel.MessageSender.Availability;
import ums.channel.Outcome;
import ums.channel.RecipientOutcome;
import ums.lifecycle.VitalThread;

/**
 * Sends over SMTP (RFC 5321) to one server, over connections that are kept open. A circuit breaker watches the server:
 * five errors in a row that no message can cause (connecting, greeting, EHLO, STARTTLS, AUTH, 421 to MAIL) open it, and
 * a probe, a connection without a message, closes it. Probes begin after one second and back off to 30 seconds. The
 * circuit refuses nothing itself: what is in flight finishes, and the dispatcher reads {@link #availability()} before
 * each claim.
 */
public final class SmtpEmailSender implements EmailSender, VitalThread, AutoCloseable {

    private final SmtpConnections connections;
    private final SmtpCircuit circuit;
    private final SmtpProbe probe;
    private final @Nullable Duration attemptTimeout;

    /**
     * @param attemptTimeout how long one attempt may take, waiting for a connection included; null for no limit but
     *     that of each step
     * @param clock for the time at which the circuit opened
     * @param circuitListener notified when the circuit opens and when it closes, in sequence; must not block
     */
    public SmtpEmailSender(
            SmtpServer server,
            @Nullable Duration attemptTimeout,
            Clock clock,
            Consumer<CircuitChanged> circuitListener) {
        this(
                server,
                attemptTimeout,
                null,
                SmtpConnections.MAX_IDLE_TIME,
                new SmtpCircuit(server.toString(), clock, circuitListener));
    }

    /**
     * For tests.
     *
     * @param trust the certificates that are trusted where they are checked; null for Java's own list
     * @param maxIdleTime how long a connection is kept idle
     */
    SmtpEmailSender(
            SmtpServer server,
            @Nullable Duration attemptTimeout,
            @Nullable SSLContext trust,
            Duration maxIdleTime,
            SmtpCircuit circuit) {
        this.attemptTimeout = attemptTimeout;
        this.circuit = circuit;
        connections = new SmtpConnections(server, trust, maxIdleTime);
        probe = new SmtpProbe(circuit, () -> connections.probe(attemptEnd()));
    }

    @Override
    public List<RecipientOutcome> send(Email email) {
        String invalid = SmtpEnvelope.invalid(email);
        if (invalid != null) {
            return RecipientOutcome.all(email.recipients(), new Outcome.Invalid(invalid));
        }
        SmtpAttempt attempt = new SmtpAttempt(connections, circuit, email, attemptEnd());
        List<RecipientOutcome> outcomes = attempt.run();
        reportToCircuit(attempt);
        return outcomes;
    }

    /** Reports an error of the server to the circuit. An interrupted attempt has not seen one. */
    private void reportToCircuit(SmtpAttempt attempt) {
        Outcome error = attempt.serverFault();
        if (error != null && !Thread.currentThread().isInterrupted() && circuit.failed(attempt.generation(), error)) {
            probe.start();
        }
    }

    private long attemptEnd() {
        return attemptTimeout == null ? SmtpDeadline.NEVER : SmtpDeadline.after(attemptTimeout);
    }

    @Override
    public Availability availability() {
        return circuit.availability();
    }

    @Override
    public String threadName() {
        return SmtpWatchdog.THREAD;
    }

    @Override
    public boolean isGone() {
        return connections.isUnwatched();
    }

    /** Stops the probe, sends QUIT on idle connections, and closes all others when their attempt ends. */
    @Override
    public void close() {
        circuit.stop();
        probe.stop();
        connections.close();
    }
}
