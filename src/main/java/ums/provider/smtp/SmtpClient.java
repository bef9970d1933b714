package ums.provider.smtp;

import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import ums.channel.email.Email;
import ums.provider.CircuitBreaker;
import ums.provider.Outcome;
import ums.provider.Provider.Availability;
import ums.provider.RecipientOutcome;

/**
 * Sends over SMTP (RFC 5321) to one server, over connections that are kept open. A circuit breaker watches the server:
 * five errors in a row that no message can cause (connecting, greeting, EHLO, STARTTLS, AUTH, 421 to MAIL, a refusal of the account) open it, and
 * a probe, a connection without a message, closes it. Probes begin after one second and back off to 30 seconds. The
 * circuit refuses nothing itself: what is in flight finishes, and the dispatcher reads {@link #availability()} before
 * each claim.
 */
final class SmtpClient implements AutoCloseable {

    private final SmtpConnections connections;
    private final CircuitBreaker circuit;
    private final SmtpProbe probe;

    SmtpClient(SmtpServer server, CircuitBreaker circuit) {
        this(server, null, SmtpConnections.MAX_IDLE_TIME, circuit);
    }

    /**
     * For tests.
     *
     * @param trust the certificates that are trusted where they are checked; null for Java's own list
     * @param maxIdleTime how long a connection is kept idle
     */
    SmtpClient(SmtpServer server, @Nullable SSLContext trust, Duration maxIdleTime, CircuitBreaker circuit) {
        this.circuit = circuit;
        connections = new SmtpConnections(server, trust, maxIdleTime);
        // Its steps have time limits of their own.
        probe = new SmtpProbe(circuit, () -> connections.probe(SmtpDeadline.NEVER));
    }

    /**
     * Makes one attempt. May block until its end; throws nothing, as errors are outcomes.
     *
     * @param end when it is cut off, waiting for a connection included ({@link SmtpDeadline})
     * @return an outcome for each of {@link Email#recipients()} that was tried, in the e-mail's order
     */
    List<RecipientOutcome> send(Email email, long end) {
        String invalid = SmtpEnvelope.invalid(email);
        if (invalid != null) {
            return RecipientOutcome.all(email.recipients(), new Outcome.Invalid(invalid));
        }
        SmtpAttempt attempt = new SmtpAttempt(connections, circuit, email, end);
        List<RecipientOutcome> outcomes = attempt.run();
        if (outcomes.stream().anyMatch(it -> it.outcome() instanceof Outcome.Sent)) {
            circuit.sent();
        }
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

    Availability availability() {
        return circuit.availability();
    }

    /** How many connections the server was found to bear, or as many as configured. */
    int allowedConnections() {
        return connections.allowed();
    }

    /** Whether the thread that cuts silent connections has ended. */
    boolean isUnwatched() {
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
