package ums.delivery;

import java.time.Duration;

/** How the dispatcher of this process is; only a process that sends has one. Asked by health: no I/O. */
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

    /** Whether the other processes hear of it, so that it may send. */
    public boolean beating() {
        return heartbeat.isLeaseValid();
    }

    /** Whether they have heard of it at all; before that it claims nothing. */
    public boolean hasBeaten() {
        return heartbeat.hasBeaten();
    }

    /** How long ago the others heard of it last. */
    public Duration heartbeatAge() {
        return heartbeat.heartbeatAge();
    }

    /** Whether the thread that claims is alive. */
    public boolean claiming() {
        return loop.isAlive();
    }

    /** Whether it claims as it should; not whether there is anything to claim. */
    public State state() {
        PollHealth turns = loop.turns();
        // The provider's slowness is told by the provider's own health.
        boolean busy = dispatcher.isBusy();
        if (!beating() || !claiming() || turns.givenUp() && !busy) {
            return State.DOWN;
        }
        return turns.faltering() || dispatcher.isAnyUnanswered() ? State.FALTERING : State.WELL;
    }

    /** For how long no turn has succeeded, where one should have. */
    public Duration withoutTurn() {
        return loop.turns().without();
    }

    /** How it goes. */
    public enum State {
        /** It claims. */
        WELL,
        /** Its last turn failed or hangs, or a claim's answer cannot be had. */
        FALTERING,
        /** It claims nothing: not heard of, without its thread, or without a turn that succeeds for half a minute. */
        DOWN
    }

    /** How many messages are claimed by this process and not settled. */
    public int inFlight() {
        return dispatcher.inFlight();
    }

    /** How many may be at most. */
    public int concurrency() {
        return concurrency;
    }
}
