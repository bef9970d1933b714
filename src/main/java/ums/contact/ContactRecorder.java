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

/** Counts contacts, or frees what was reserved for them, in the transaction that writes what became of the message. */
@Component
class ContactRecorder {

    private final ContactRepository contacts;
    private final Clock clock;

    ContactRecorder(ContactRepository contacts, Clock clock) {
        this.contacts = contacts;
        this.clock = clock;
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
}
