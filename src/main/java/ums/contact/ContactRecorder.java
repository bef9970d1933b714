package ums.contact;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageEvents.LateSuccess;
import ums.message.MessageEvents.MessageDecided;
import ums.message.MessageStatus;
import ums.message.Purpose;
import ums.message.SettlementStep;

/** Counts contacts, or releases their reservations. */
@Component
@Order(2)
class ContactRecorder implements SettlementStep {

    private final ContactRepository contacts;
    private final Clock clock;

    ContactRecorder(ContactRepository contacts, Clock clock) {
        this.contacts = contacts;
        this.clock = clock;
    }

    /** Runs for every message; for one without a rule it costs a comparison. */
    @Override
    public void onSettled(List<AttemptSettled> attempts) {
        List<AttemptSettled> reached = new ArrayList<>(0);
        List<AttemptSettled> others = new ArrayList<>(0);
        for (AttemptSettled each : attempts) {
            if (each.message().purpose() == Purpose.COLLECTION) {
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

    @Override
    public void onLateSuccess(LateSuccess late) {
        contacts.countLateSuccess(late.id(), clock.instant());
    }

    /** An admin marked the message as sent; in the transaction of that decision. */
    @EventListener
    void onDecided(MessageDecided decided) {
        if (decided.status() == MessageStatus.SENT) {
            contacts.countLateSuccess(decided.id(), decided.at());
        }
    }
}
