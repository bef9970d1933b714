package ums.message;

import java.util.List;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageEvents.LateSuccess;

/**
 * A step of the transaction that settles attempts. Each bean of this type is one; they run in the sequence of their
 * {@link org.springframework.core.annotation.Order}, after the queue and the ledger are written. What a step throws rolls the
 * settlement back. Observers, which write nothing to the database, listen to {@link MessageEvents} after the commit instead.
 */
public interface SettlementStep {

    /** Attempts are settled. */
    void onSettled(List<AttemptSettled> attempts);

    /** A message that was settled otherwise turned out to be sent. */
    void onLateSuccess(LateSuccess late);
}
