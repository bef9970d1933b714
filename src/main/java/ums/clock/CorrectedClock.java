package ums.clock;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;

/** See {@link ClockSkew#corrected}. */
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
        return skew.differs() ? skew.correct(now) : now;
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
