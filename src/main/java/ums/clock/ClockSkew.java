package ums.clock;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import ums.clock.Clocks.Reading;

/**
 * By how much this machine's wall clock is ahead of the database's. Some tasks are done by one process on behalf of all, by
 * its own clock: expiry, release of what is due, contact hours, retention. A process whose clock is wrong must leave them to
 * the others. What was measured is corrected by how far the wall clock has moved apart from the monotonic one since, so that
 * a step of this machine's own clock is noticed at once.
 */
public final class ClockSkew {

    /** Beyond this, a process does nothing by its clock on behalf of others. */
    public static final Duration BOUND = Duration.ofSeconds(5);

    private final Clocks clocks;
    private volatile @Nullable Measured measured;
    private volatile @Nullable Reading agreed;

    /** @param clocks the two clocks of this machine */
    public ClockSkew(Clocks clocks) {
        this.clocks = clocks;
    }

    /**
     * Notes what the database's clock said.
     *
     * @param before both clocks right before the database was asked; it has answered just now
     */
    public void measured(Reading before, Instant database) {
        Reading after = clocks.read();
        Duration uncertain = Duration.ofNanos((after.nanos() - before.nanos()) / 2);
        Duration apart = Duration.between(database, before.wall().plus(uncertain));
        // The database's clock was read at some moment of the round trip: only what is beyond half of it is certain.
        Duration certain = apart.abs().compareTo(uncertain) <= 0
                ? Duration.ZERO
                : apart.isNegative() ? apart.plus(uncertain) : apart.minus(uncertain);
        measured = new Measured(before, certain);
        if (certain.abs().compareTo(BOUND) <= 0) {
            agreed = before;
        }
    }

    /** By how much this machine's clock is ahead of the database's; empty where the two were never compared. */
    public Optional<Duration> skew() {
        Measured last = measured;
        return last == null
                ? Optional.empty()
                : Optional.of(last.skew.plus(clocks.read().drift(last.at)));
    }

    /** Whether the two were compared, and agree: only then may this process act by its clock on behalf of others. */
    public boolean agrees() {
        return skew().filter(it -> it.abs().compareTo(BOUND) <= 0).isPresent();
    }

    /** Whether the two were compared, and do not agree. */
    public boolean differs() {
        return skew().filter(it -> it.abs().compareTo(BOUND) > 0).isPresent();
    }

    /**
     * This machine's clock while the two agree. While they do not, the time they last agreed on and what the monotonic clock
     * counted since, or the database's where they never agreed. For instants that other processes will judge by their clocks,
     * such as when a message is due again: by a clock that was set back it would be due at once, and its attempts used up; by
     * one that was set forward it would wait for as long as that.
     */
    public Clock corrected(Clock own) {
        return new CorrectedClock(own, this);
    }

    /** What the time is where the two do not agree, and this machine's clock says {@code own}. */
    Instant best(Instant own) {
        Reading last = agreed;
        return last != null
                ? last.wall().plusNanos(clocks.read().nanos() - last.nanos())
                : skew().map(own::minus).orElse(own);
    }

    /** Whether the two were compared lately. */
    boolean comparedWithin(Duration duration) {
        Measured last = measured;
        return last != null && clocks.read().nanos() - last.at.nanos() <= duration.toNanos();
    }

    private record Measured(Reading at, Duration skew) {}
}
