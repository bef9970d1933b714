package ums.contact;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import ums.clock.ClockSkew;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageEvents.AttemptsSettled;
import ums.message.MessageEvents.LateSuccess;
import ums.message.MessageEvents.MessageDecided;
import ums.message.MessageStatus;
import ums.message.Purpose;

/** Counts contacts, or frees what was reserved for them, in the transaction that writes what became of the message. */
@Component
class ContactRecorder {

    private static final Logger log = LoggerFactory.getLogger(ContactRecorder.class);

    private final ContactRepository contacts;
    private final Clock clock;
    private final ClockSkew skew;

    ContactRecorder(ContactRepository contacts, Clock clock, ClockSkew skew) {
        this.contacts = contacts;
        this.clock = clock;
        this.skew = skew;
    }

    /** On the path of every message: of those without a rule it costs a comparison. */
    @EventListener
    void onSettled(AttemptsSettled settled) {
        List<AttemptSettled> reached = new ArrayList<>(0);
        List<AttemptSettled> others = new ArrayList<>(0);
        for (AttemptSettled each : settled.attempts()) {
            if (each.purpose() == Purpose.COLLECTION) {
                (each.reached() ? reached : others).add(each);
            }
        }
        if (!reached.isEmpty()) {
            contacts.count(reached);
        }
        if (!others.isEmpty()) {
            contacts.free(others);
        }
    }

    @EventListener
    void onLateSuccess(LateSuccess late) {
        contacts.sentAfterAll(late.id(), clock.instant());
    }

    /** An admin says that the provider has it. */
    @EventListener
    void onDecided(MessageDecided decided) {
        if (decided.status() == MessageStatus.SENT) {
            contacts.sentAfterAll(decided.id(), decided.at());
        }
    }

    @Scheduled(initialDelay = 1, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
    void forget() {
        if (!skew.agrees()) {
            return;
        }
        try {
            contacts.removeBefore(clock.instant().minus(ContactRules.SEVEN_DAYS));
        } catch (DataAccessException e) {
            // Next time will do, and an outage is told once by the dispatcher.
            log.debug("Old contacts not looked at: {}", e.toString());
        }
    }
}
