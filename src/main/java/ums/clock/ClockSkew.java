package ums.clock;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import ums.clock.Clocks.Reading;

/**
 * How far this machine's wall clock is ahead of the database's. A process does some tasks on behalf of all, by its own clock:
 * expiry, making delayed entries ready, contact hours, retention. If its clock is wrong it must leave them to the others. The
 * measured skew is corrected by the drift of the wall clock against the monotonic clock since then, so that a step of this
 * machine's clock is noticed at once.
 */
public final class ClockSkew {

    /** With a larger skew, a process does nothing by its clock on behalf of others. */
    public static final Duration BOUND = Duration.ofSeconds(5);

    private final Clocks clocks;
    private volatile @Nullable Measured measured;
    private volatile @Nullable Reading agreed;

    /** @param clocks this machine's two clocks */
    public ClockSkew(Clocks clocks) {
        this.clocks = clocks;
    }

    /**
     * Records a comparison with the database's clock. Called as soon as the database has answered.
     *
     * @param before this machine's clocks right before the query
     * @param database the database's clock
     */
    public void measured(Reading before, Instant database) {
        Reading after = clocks.read();
        Duration uncertain = Duration.ofNanos((after.nanos() - before.nanos()) / 2);
        Duration apart = Duration.between(database, before.wall().plus(uncertain));
        // The database read its clock at some moment of the round trip, so half of the round trip is uncertain.
        Duration certain = apart.abs().compareTo(uncertain) <= 0
                ? Duration.ZERO
                : apart.isNegative() ? apart.plus(uncertain) : apart.minus(uncertain);
        measured = new Measured(before, certain);
        if (certain.abs().compareTo(BOUND) <= 0) {
            agreed = before;
        }
    }

    /** How far this machine's clock is ahead of the database's; empty if they were never compared. */
    public Optional<Duration> skew() {
        Measured last = measured;
        return last == null
                ? Optional.empty()
                : Optional.of(last.skew.plus(clocks.read().drift(last.at)));
    }

    /** Whether the two were compared and agree. Only then may this process act by its clock on behalf of others. */
    public boolean agrees() {
        return skew().filter(it -> it.abs().compareTo(BOUND) <= 0).isPresent();
    }

    /** Whether the two were compared and do not agree. */
    public boolean differs() {
        return skew().filter(it -> it.abs().compareTo(BOUND) > 0).isPresent();
    }

    /**
     * A clock that is this machine's while the two agree. While they do not, it shows the time on which they last agreed plus
     * what the monotonic clock has counted since, or the database's time if they never agreed. It is for instants that other
     * processes compare with their clocks, such as the time of the next attempt. By a clock that was set back, a message would
     * be due at once and use up its attempts; by one that was set forward, it would wait too long.
     */
    public Clock corrected(Clock own) {
        return new CorrectedClock(own, this);
    }

    /** @param own the time of this machine's clock, which does not agree with the database's */
    Instant correct(Instant own) {
        Reading last = agreed;
        return last != null
                ? last.wall().plusNanos(clocks.read().nanos() - last.nanos())
                : skew().map(own::minus).orElse(own);
    }

    /** Whether the two were compared within a duration before now. */
    boolean comparedWithin(Duration duration) {
        Measured last = measured;
        return last != null && clocks.read().nanos() - last.at.nanos() <= duration.toNanos();
    }

    private record Measured(Reading at, Duration skew) {}
}
