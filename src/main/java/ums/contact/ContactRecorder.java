package ums.contact;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageEvents.AttemptsSettled;
import ums.message.MessageEvents.LateSuccess;
import ums.message.MessageEvents.MessageDecided;
import ums.message.MessageStatus;
import ums.message.Purpose;

/** Counts contacts, or releases their reservations, in the transaction that settles the attempt. */
@Component
class ContactRecorder {

    private final ContactRepository contacts;
    private final Clock clock;

    ContactRecorder(ContactRepository contacts, Clock clock) {
        this.contacts = contacts;
        this.clock = clock;
    }

    /** Runs for every message; for one without a rule it costs a comparison. */
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
            contacts.release(others);
        }
    }

    @EventListener
    void onLateSuccess(LateSuccess late) {
        contacts.countLateSuccess(late.id(), clock.instant());
    }

    /** An admin marked the message as sent. */
    @EventListener
    void onDecided(MessageDecided decided) {
        if (decided.status() == MessageStatus.SENT) {
            contacts.countLateSuccess(decided.id(), decided.at());
        }
    }
}
