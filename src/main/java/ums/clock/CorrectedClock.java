package ums.clock;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;

/** This machine's clock, which is not asked while it and the database's do not agree. */
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
        return skew.differs() ? skew.best(now) : now;
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
