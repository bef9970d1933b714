package ums.channel.email;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import ums.channel.CircuitChanged;
import ums.channel.MessageSender.Availability;
import ums.channel.Outcome;
import ums.channel.Reply;

/**
 * Whether one server is in trouble. ConsoleErrors that no message can cause open it: five in a row with no success between. Only
 * a probe closes it, so that no message pays for finding out. For several threads at once.
 */
final class SmtpCircuit {

    static final int FAULTS_TO_OPEN = 5;

    private static final Logger log = LoggerFactory.getLogger(SmtpCircuit.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** How many times longer it gets where the server lets probes in and refuses the messages. */
    private static final int LONGER = 10;

    /** Servers like to repeat what they were told. */
    private static final Pattern ADDRESS = Pattern.compile("\\S*@\\S*");

    private final String server;
    private final Clock clock;
    private final Consumer<CircuitChanged> listener;
    private final Duration firstPause;
    private final Duration longestPause;

    /** Changes, and what is told of them, keep one order under it; who only asks or succeeds does not wait. */
    private final ReentrantLock changing = new ReentrantLock();

    private volatile Availability state = Availability.AVAILABLE;
    private volatile boolean troubled;
    private volatile int generation;
    private int faults;
    private Duration pause;
    private boolean reopened;
    private boolean stopped;

    /**
     * @param server which server, for people
     * @param listener told of each change, in order; must not block
     */
    SmtpCircuit(String server, Clock clock, Consumer<CircuitChanged> listener) {
        this(server, clock, listener, FIRST_PAUSE, LONGEST_PAUSE);
    }

    /** For tests: with other pauses before a probe. */
    SmtpCircuit(
            String server, Clock clock, Consumer<CircuitChanged> listener, Duration firstPause, Duration longestPause) {
        this.server = server;
        this.clock = clock;
        this.listener = listener;
        this.firstPause = firstPause;
        this.longestPause = longestPause;
        this.pause = firstPause;
    }

    /** Whether messages can be taken; never waits. */
    Availability availability() {
        return state;
    }

    /** The time between two changes, by number: to be asked before an attempt and named with its fault. */
    int generation() {
        return generation;
    }

    /** The server answered MAIL, whatever it said but 421: it is in no trouble. */
    void succeeded() {
        // Nearly always false: a message that goes well takes no lock.
        if (!troubled) {
            return;
        }
        changing.lock();
        try {
            // While it is open, a connection made before says nothing about new ones.
            if (state.available()) {
                faults = 0;
                pause = firstPause;
                reopened = false;
                troubled = false;
            }
        } finally {
            changing.unlock();
        }
    }

    /**
     * There was a fault that no message can have caused.
     *
     * @param since the {@link #generation} in which the attempt began: one that began before the last change tells of a server
     *     that has changed since
     * @return true where this one opened the circuit
     */
    boolean failed(int since, Outcome fault) {
        changing.lock();
        try {
            if (stopped || since != generation || !state.available()) {
                return false;
            }
            troubled = true;
            faults++;
            if (faults < FAULTS_TO_OPEN) {
                return false;
            }
            String reason = reason(fault);
            become(new Availability(false, reason, clock.instant()));
            log.error("The circuit of SMTP server {} is open, its messages wait: {}", server, reason);
            tell(new CircuitChanged(server, true, reason));
            return true;
        } finally {
            changing.unlock();
        }
    }

    /** A probe failed: it stays open, for a reason that may be another now. */
    void stays(Outcome fault) {
        changing.lock();
        try {
            if (!state.available()) {
                state = new Availability(false, reason(fault), state.since());
            }
        } finally {
            changing.unlock();
        }
    }

    /** A probe succeeded: messages may go again. */
    void close() {
        changing.lock();
        try {
            if (stopped || state.available()) {
                return;
            }
            become(Availability.AVAILABLE);
            reopened = true;
            log.error("The circuit of SMTP server {} is closed, its messages go again", server);
            tell(new CircuitChanged(server, false, ""));
        } finally {
            changing.unlock();
        }
    }

    /**
     * How long to wait before the next probe: twice as long each time, until a message succeeds. A server that lets probes
     * in and messages not would else open and close it every second; there the pause grows beyond what an outage is worth.
     */
    Duration nextPause() {
        changing.lock();
        try {
            Duration next = pause;
            Duration longest = reopened ? longestPause.multipliedBy(LONGER) : longestPause;
            Duration twice = pause.multipliedBy(2);
            pause = twice.compareTo(longest) > 0 ? longest : twice;
            return next;
        } finally {
            changing.unlock();
        }
    }

    /** Nothing changes any more: what fails while a process stops is not the server's trouble. */
    void stop() {
        changing.lock();
        try {
            stopped = true;
        } finally {
            changing.unlock();
        }
    }

    private void become(Availability next) {
        faults = 0;
        generation++;
        state = next;
    }

    private void tell(CircuitChanged change) {
        try {
            listener.accept(change);
        } catch (RuntimeException e) {
            log.error("A listener to the circuit of SMTP server {} failed", server, e);
        }
    }

    /** Phase and description, without what a server may have repeated of a message or of a log-in. */
    private static String reason(Outcome fault) {
        Reply reply = fault.answer();
        boolean atLogIn = SmtpPhase.AUTH.name().equals(fault.at());
        String description = reply != null && atLogIn ? "" + reply.code() : fault.description();
        return fault.at() + ": " + ADDRESS.matcher(description).replaceAll("(address)");
    }
}
