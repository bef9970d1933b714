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
 * Sends over SMTP (RFC 5321) to one server, over connections that are kept open. A circuit watches the server: faults that
 * no message can cause (connecting, greeting, EHLO, STARTTLS, AUTH, 421 to MAIL) open it at five in a row, and a connection
 * without a message, tried after a second and then ever more rarely up to every 30 seconds, closes it. It refuses nothing
 * itself: what is in flight finishes, and who claims asks {@link #availability()} first.
 */
public final class SmtpEmailSender implements EmailSender, VitalThread, AutoCloseable {

    private final SmtpConnections connections;
    private final SmtpCircuit circuit;
    private final SmtpProbe probe;
    private final @Nullable Duration attemptTimeout;

    /**
     * @param attemptTimeout how long one attempt may take from its beginning to its end, waiting for a connection
     *     included; null for no limit but that of each step
     * @param clock says since when the circuit is open
     * @param circuitListener told when the circuit opens and when it closes, in order; must not block
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
                SmtpConnections.LONGEST_REST,
                new SmtpCircuit(server.toString(), clock, circuitListener));
    }

    /**
     * For tests.
     *
     * @param trust whose certificates are believed where they are checked; null for Java's own list
     * @param longestRest how long a connection is kept unused
     */
    SmtpEmailSender(
            SmtpServer server,
            @Nullable Duration attemptTimeout,
            @Nullable SSLContext trust,
            Duration longestRest,
            SmtpCircuit circuit) {
        this.attemptTimeout = attemptTimeout;
        this.circuit = circuit;
        connections = new SmtpConnections(server, trust, longestRest);
        probe = new SmtpProbe(circuit, () -> connections.probe(attemptEnd()));
    }

    @Override
    public List<RecipientOutcome> send(Email email) {
        String flaw = SmtpEnvelope.flaw(email);
        if (flaw != null) {
            return forAll(email, new Outcome.Invalid(flaw));
        }
        SmtpAttempt attempt = new SmtpAttempt(connections, circuit, email, attemptEnd());
        List<RecipientOutcome> outcomes = attempt.run();
        watch(attempt);
        return outcomes;
    }

    /** Lets the circuit know of a fault of the server; whoever is interrupted has seen none. */
    private void watch(SmtpAttempt attempt) {
        Outcome fault = attempt.serverFault();
        if (fault != null && !Thread.currentThread().isInterrupted() && circuit.failed(attempt.generation(), fault)) {
            probe.start();
        }
    }

    /** The same outcome for each recipient. */
    static List<RecipientOutcome> forAll(Email email, Outcome outcome) {
        return forAll(email, outcome, false);
    }

    static List<RecipientOutcome> forAll(Email email, Outcome outcome, boolean serverFault) {
        return email.recipients().stream()
                .map(recipient -> new RecipientOutcome(recipient, outcome, serverFault))
                .toList();
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

    /** Stops the probe, says goodbye on connections that rest, and keeps none any more. */
    @Override
    public void close() {
        circuit.stop();
        probe.stop();
        connections.close();
    }
}
