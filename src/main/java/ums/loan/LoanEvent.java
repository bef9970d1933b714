package ums.loan;

import java.util.Locale;
import ums.message.Purpose;

/** What happens to a loan. The customer is told of each. */
public enum LoanEvent {
    APPROVE(Purpose.NORMAL),
    REJECT(Purpose.NORMAL),
    WITHDRAW(Purpose.NORMAL),
    DISBURSE(Purpose.NORMAL),
    MISS_PAYMENT(Purpose.COLLECTION),
    CURE(Purpose.NORMAL),
    REFER(Purpose.COLLECTION),
    FORGIVE(Purpose.NORMAL),
    CHARGE_OFF(Purpose.LEGAL_NOTICE),
    PAY_OFF(Purpose.NORMAL);

    private final Purpose purpose;

    LoanEvent(Purpose purpose) {
        this.purpose = purpose;
    }

    /** What the message about it is for. */
    Purpose purpose() {
        return purpose;
    }

    /** What the files with its message are called. */
    String template() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
