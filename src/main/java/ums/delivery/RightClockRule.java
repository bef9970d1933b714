package ums.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import ums.clock.ClockSkew;
import ums.message.LoadedMessage;
import ums.message.Purpose;
import ums.message.Ruling;
import ums.message.SendingRule;

/** Asks a rule only while this process's clock agrees with the database's; else the message waits. */
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
    public Ruling decide(LoadedMessage message) {
        if (skew.agrees()) {
            return rule.decide(message);
        }
        // By the database's clock: a process whose clock is right claims the message then.
        Instant now = clock.instant().minus(skew.skew().orElse(Duration.ZERO));
        return new Ruling.Waits(now.plus(LATER), "the clocks of process and database do not agree");
    }
}
