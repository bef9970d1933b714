package ums.provider;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import ums.provider.Provider.Availability;

/**
 * The circuit breaker of one provider. Five errors in a row that no message can cause open it. Only a probe closes it, so
 * that no message is spent on finding out. Safe for several threads.
 */
public final class CircuitBreaker {

    public static final int ERRORS_TO_OPEN = 5;

    private static final Logger log = LoggerFactory.getLogger(CircuitBreaker.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** How many times longer the pause gets where the server accepts probes and refuses the messages. */
    private static final int REOPENED_FACTOR = 10;

    /** Servers often repeat addresses in their replies. */
    private static final Pattern ADDRESS = Pattern.compile("\\S*@\\S*");

    private final String provider;
    private final String endpoint;
    private final Clock clock;
    private final Consumer<CircuitChanged> listener;
    private final Duration firstPause;
    private final Duration longestPause;

    /** Serializes changes and their notifications; reads and successes do not wait for it. */
    private final ReentrantLock changing = new ReentrantLock();

    private volatile Availability state = Availability.AVAILABLE;
    private volatile boolean troubled;
    private volatile boolean accountRefused;
    private volatile int generation;
    private int errors;
    private Duration pause;
    private boolean reopened;
    private boolean stopped;

    /**
     * @param provider the account's id
     * @param endpoint where its messages go, for people
     * @param listener notified of each change, in sequence; must not block
     */
    public CircuitBreaker(String provider, String endpoint, Clock clock, Consumer<CircuitChanged> listener) {
        this(provider, endpoint, clock, listener, FIRST_PAUSE, LONGEST_PAUSE);
    }

    /** For tests: with other pauses between probes. */
    public CircuitBreaker(
            String provider,
            String endpoint,
            Clock clock,
            Consumer<CircuitChanged> listener,
            Duration firstPause,
            Duration longestPause) {
        this.provider = provider;
        this.endpoint = endpoint;
        this.clock = clock;
        this.listener = listener;
        this.firstPause = firstPause;
        this.longestPause = longestPause;
        this.pause = firstPause;
    }

    /** Whether messages can be sent; never blocks. */
    public Availability availability() {
        return state;
    }

    /** The number of changes so far. An attempt reads it before it connects and passes it with its error. */
    public int generation() {
        return generation;
    }

    /**
     * Called when the provider began to take a message. This proves nothing about an account that was refused, as providers
     * refuse it at the end of the message.
     */
    public void succeeded() {
        // Nearly always false, so that a successful message takes no lock.
        if (troubled && !accountRefused) {
            reset();
        }
    }

    /** Called when the provider took a message. */
    public void sent() {
        if (troubled) {
            reset();
        }
    }

    private void reset() {
        changing.lock();
        try {
            // While the circuit is open, a connection made before proves nothing about new ones.
            if (state.available()) {
                errors = 0;
                pause = firstPause;
                reopened = false;
                troubled = false;
                accountRefused = false;
            }
        } finally {
            changing.unlock();
        }
    }

    /**
     * Counts an error that no message can have caused.
     *
     * @param since the {@link #generation} in which the attempt began; an error of an earlier generation is ignored, as
     *     the server may have recovered since
     * @return true where this error opened the circuit
     */
    public boolean failed(int since, Outcome error) {
        changing.lock();
        try {
            if (stopped || since != generation || !state.available()) {
                return false;
            }
            troubled = true;
            accountRefused |= error instanceof Outcome.AccountRefused;
            errors++;
            if (errors < ERRORS_TO_OPEN) {
                return false;
            }
            String reason = reason(error);
            changeTo(new Availability(false, reason, clock.instant()));
            log.error("The circuit of provider {} at {} is open: {}", provider, endpoint, reason);
            notifyListener(new CircuitChanged(provider, endpoint, true, reason));
            return true;
        } finally {
            changing.unlock();
        }
    }

    /** A probe failed: the circuit stays open, with the probe's error as its reason. */
    public void stayOpen(Outcome error) {
        changing.lock();
        try {
            if (!state.available()) {
                state = new Availability(false, reason(error), state.since());
            }
        } finally {
            changing.unlock();
        }
    }

    /** A probe succeeded: messages can be sent again. */
    public void close() {
        changing.lock();
        try {
            if (stopped || state.available()) {
                return;
            }
            changeTo(Availability.AVAILABLE);
            reopened = true;
            log.error("The circuit of provider {} at {} is closed, its messages go again", provider, endpoint);
            notifyListener(new CircuitChanged(provider, endpoint, false, ""));
        } finally {
            changing.unlock();
        }
    }

    /**
     * The pause before the next probe: it doubles each time, until a message succeeds. A server that accepts probes and
     * refuses messages would else open and close the circuit every second; there the pause grows tenfold.
     */
    public Duration nextPause() {
        changing.lock();
        try {
            Duration next = pause;
            Duration longest = reopened ? longestPause.multipliedBy(REOPENED_FACTOR) : longestPause;
            Duration twice = pause.multipliedBy(2);
            pause = twice.compareTo(longest) > 0 ? longest : twice;
            return next;
        } finally {
            changing.unlock();
        }
    }

    /** Stops all changes: errors while the process stops are not the server's. */
    public void stop() {
        changing.lock();
        try {
            stopped = true;
        } finally {
            changing.unlock();
        }
    }

    private void changeTo(Availability next) {
        errors = 0;
        generation++;
        state = next;
    }

    private void notifyListener(CircuitChanged change) {
        try {
            listener.accept(change);
        } catch (RuntimeException e) {
            log.error("A listener to the circuit of provider {} failed", provider, e);
        }
    }

    /** Phase and description, without addresses, and without the reply's text where it answers AUTH. */
    private static String reason(Outcome error) {
        Reply reply = error.answer();
        boolean atLogIn = error instanceof Outcome.AuthenticationRefused;
        String description = reply != null && atLogIn ? "" + reply.code() : error.description();
        return error.at() + ": " + ADDRESS.matcher(description).replaceAll("(address)");
    }
}
