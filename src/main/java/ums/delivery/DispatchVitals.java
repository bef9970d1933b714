package ums.delivery;

import java.time.Duration;

/** The state of this process's dispatcher; only a process that sends has one. Read by health checks: no I/O. */
public final class DispatchVitals {

    private final Heartbeat heartbeat;
    private final DispatchLoop loop;
    private final Dispatcher dispatcher;
    private final int concurrency;

    DispatchVitals(Heartbeat heartbeat, DispatchLoop loop, Dispatcher dispatcher, int concurrency) {
        this.heartbeat = heartbeat;
        this.loop = loop;
        this.dispatcher = dispatcher;
        this.concurrency = concurrency;
    }

    /** Whether its heartbeat is recent enough to send. */
    public boolean beating() {
        return heartbeat.isLeaseValid();
    }

    /** Whether a heartbeat was ever written; before that it claims nothing. */
    public boolean hasBeaten() {
        return heartbeat.hasBeaten();
    }

    /** The time since the last heartbeat, or since the start where there was none. */
    public Duration heartbeatAge() {
        return heartbeat.heartbeatAge();
    }

    /** Whether the thread that claims lives. */
    public boolean claiming() {
        return loop.isAlive();
    }

    /** Whether it can claim; not whether there is anything to claim. */
    public State state() {
        PollHealth polls = loop.health();
        // A slow provider is reported by the provider's own health.
        boolean busy = dispatcher.isBusy();
        if (!beating() || !claiming() || polls.isDown() && !busy) {
            return State.DOWN;
        }
        return polls.isFaltering() || dispatcher.isAnyUnanswered() ? State.FALTERING : State.WELL;
    }

    /** For how long no poll has succeeded. */
    public Duration withoutPoll() {
        return loop.health().withoutSuccess();
    }

    /** The state of a dispatcher. */
    public enum State {
        /** It claims. */
        WELL,
        /** Its last poll failed or hangs, or the answer to a claim is missing. */
        FALTERING,
        /** It claims nothing: no valid lease, no thread, or no successful poll for half a minute. */
        DOWN
    }

    /** How many messages are in flight in this process. */
    public int inFlight() {
        return dispatcher.inFlight();
    }

    /** How many messages may be in flight at most. */
    public int concurrency() {
        return concurrency;
    }
}
