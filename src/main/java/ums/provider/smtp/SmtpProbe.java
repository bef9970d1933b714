package ums.provider.smtp;

import org.jspecify.annotations.Nullable;
import ums.provider.CircuitBreaker;
import ums.provider.Outcome;

/** Probes the server of an open circuit after growing pauses, by a connection without a message, until it answers. */
final class SmtpProbe {

    /** One try: a connection up to EHLO and AUTH. */
    @FunctionalInterface
    interface Try {
        void connect() throws SmtpFault, InterruptedException;
    }

    private final CircuitBreaker circuit;
    private final Try attempt;
    private @Nullable Thread thread;
    private boolean stopped;

    SmtpProbe(CircuitBreaker circuit, Try attempt) {
        this.circuit = circuit;
        this.attempt = attempt;
    }

    /** Starts a thread that probes until the circuit closes. Called once each time the circuit opens. */
    synchronized void start() {
        if (!stopped) {
            thread = Thread.ofVirtual().name("smtp-probe").start(this::run);
        }
    }

    /** Stops probing, even in the middle of a try. */
    synchronized void stop() {
        stopped = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** {@link #stop} interrupts the pauses. */
    private void run() {
        try {
            do {
                // A server does not tell when it is well again, so it is tried at growing intervals, on this thread
                // only.
                Thread.sleep(circuit.nextPause());
            } while (!succeeds());
            circuit.close();
        } catch (InterruptedException _) {
            // The sender is closed.
        }
    }

    private boolean succeeds() throws InterruptedException {
        Outcome error;
        try {
            attempt.connect();
            return true;
        } catch (SmtpFault e) {
            error = e.outcome();
        } catch (RuntimeException | Error e) {
            // Without another try the circuit would stay open for ever, even after a short memory shortage.
            error = SmtpReplies.lost(
                    SmtpPhase.CONNECT, "internal error: " + e.getClass().getSimpleName());
        }
        circuit.stayOpen(error);
        return false;
    }
}
