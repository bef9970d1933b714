package ums.loan;

import static ums.loan.LoanEvent.APPROVE;
import static ums.loan.LoanEvent.CHARGE_OFF;
import static ums.loan.LoanEvent.CURE;
import static ums.loan.LoanEvent.DISBURSE;
import static ums.loan.LoanEvent.FORGIVE;
import static ums.loan.LoanEvent.MISS_PAYMENT;
import static ums.loan.LoanEvent.PAY_OFF;
import static ums.loan.LoanEvent.REFER;
import static ums.loan.LoanEvent.REJECT;
import static ums.loan.LoanEvent.WITHDRAW;
import static ums.loan.LoanStatus.ACTIVE;
import static ums.loan.LoanStatus.APPLIED;
import static ums.loan.LoanStatus.APPROVED;
import static ums.loan.LoanStatus.CHARGED_OFF;
import static ums.loan.LoanStatus.DELINQUENT;
import static ums.loan.LoanStatus.FORGIVEN;
import static ums.loan.LoanStatus.IN_COLLECTION;
import static ums.loan.LoanStatus.PAID_OFF;
import static ums.loan.LoanStatus.REJECTED;
import static ums.loan.LoanStatus.WITHDRAWN;

import java.util.List;
import java.util.Optional;

/** The state machine of a loan; this table is its only definition. */
final class LoanTransitions {

    /** The first status of every loan. */
    static final LoanStatus FIRST = APPLIED;

    static final List<Transition> TABLE = List.of(
            from(APPLIED, APPROVE, APPROVED),
            from(APPLIED, REJECT, REJECTED),
            from(APPLIED, WITHDRAW, WITHDRAWN),
            from(APPROVED, DISBURSE, ACTIVE),
            from(APPROVED, WITHDRAW, WITHDRAWN),
            from(ACTIVE, MISS_PAYMENT, DELINQUENT),
            from(ACTIVE, PAY_OFF, PAID_OFF),
            from(DELINQUENT, CURE, ACTIVE),
            from(DELINQUENT, REFER, IN_COLLECTION),
            from(DELINQUENT, PAY_OFF, PAID_OFF),
            from(IN_COLLECTION, CURE, ACTIVE),
            from(IN_COLLECTION, FORGIVE, FORGIVEN),
            from(IN_COLLECTION, CHARGE_OFF, CHARGED_OFF),
            from(IN_COLLECTION, PAY_OFF, PAID_OFF),
            from(CHARGED_OFF, PAY_OFF, PAID_OFF));

    private LoanTransitions() {}

    /** The status after an event; empty if the event is not allowed. */
    static Optional<LoanStatus> next(LoanStatus from, LoanEvent event) {
        return TABLE.stream()
                .filter(it -> it.from() == from && it.event() == event)
                .map(Transition::to)
                .findFirst();
    }

    /** The events that a status allows, in the order of the table. */
    static List<LoanEvent> allowed(LoanStatus from) {
        return TABLE.stream()
                .filter(it -> it.from() == from)
                .map(Transition::event)
                .toList();
    }

    private static Transition from(LoanStatus from, LoanEvent event, LoanStatus to) {
        return new Transition(from, event, to);
    }

    /** A row of the table. */
    record Transition(LoanStatus from, LoanEvent event, LoanStatus to) {}
}
