package ums.channel.email;

import org.jspecify.annotations.Nullable;
import ums.channel.Outcome;

/** Tries an open circuit's server from time to time, by a connection without a message, until it answers. */
final class SmtpProbe {

    /** One try: a connection up to EHLO and AUTH. */
    @FunctionalInterface
    interface Try {
        void connect() throws SmtpFault, InterruptedException;
    }

    private final SmtpCircuit circuit;
    private final Try attempt;
    private @Nullable Thread thread;
    private boolean stopped;

    SmtpProbe(SmtpCircuit circuit, Try attempt) {
        this.circuit = circuit;
        this.attempt = attempt;
    }

    /** Begins. Called once each time the circuit opens; ends when it closes. */
    synchronized void start() {
        if (!stopped) {
            thread = Thread.ofVirtual().name("smtp-probe").start(this::run);
        }
    }

    /** Ends it, in the middle of a try too. */
    synchronized void stop() {
        stopped = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** On a thread of its own, whose pauses {@link #stop} interrupts. */
    private void run() {
        try {
            do {
                Thread.sleep(circuit.nextPause());
            } while (!succeeds());
            circuit.close();
        } catch (InterruptedException _) {
            // The sender is closed.
        }
    }

    private boolean succeeds() throws InterruptedException {
        Outcome fault;
        try {
            attempt.connect();
            return true;
        } catch (SmtpFault e) {
            fault = e.outcome();
        } catch (RuntimeException | Error e) {
            // Without another try the messages would wait for ever, even where memory ran short for a moment only.
            fault = SmtpReplies.lost(
                    SmtpPhase.CONNECT, "internal error: " + e.getClass().getSimpleName());
        }
        circuit.stays(fault);
        return false;
    }
}
