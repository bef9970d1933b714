package ums.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import ums.clock.ClockSkew;
import ums.message.Attempt;
import ums.message.Purpose;
import ums.message.Ruling;
import ums.message.SendingRule;

/** A rule that is asked only where this process knows what time it is; where it does not, the message waits. */
final class RightClockRule implements SendingRule {

    private static final Duration LATER = Duration.ofMinutes(1);

    private final SendingRule rule;
    private final Clock clock;
    private final ClockSkew skew;

    RightClockRule(SendingRule rule, Clock clock, ClockSkew skew) {
        this.rule = rule;
        this.clock = clock;
        this.skew = skew;
    }

    @Override
    public Purpose purpose() {
        return rule.purpose();
    }

    @Override
    public Ruling decide(Attempt attempt) {
        if (skew.agrees()) {
            return rule.decide(attempt);
        }
        // By the database's clock: a process whose own is right takes it up then.
        Instant now = clock.instant().minus(skew.skew().orElse(Duration.ZERO));
        return new Ruling.Waits(now.plus(LATER), "the clocks of process and database do not agree");
    }
}
