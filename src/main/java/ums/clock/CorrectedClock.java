package ums.clock;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;

/** This machine's clock, set by the database's where it is known to be wrong. */
final class CorrectedClock extends Clock {

    private final Clock own;
    private final ClockSkew skew;

    CorrectedClock(Clock own, ClockSkew skew) {
        this.own = own;
        this.skew = skew;
    }

    @Override
    public Instant instant() {
        Instant now = own.instant();
        return skew.differs() ? skew.skew().map(now::minus).orElse(now) : now;
    }

    @Override
    public ZoneId getZone() {
        return own.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new CorrectedClock(own.withZone(zone), skew);
    }
}
