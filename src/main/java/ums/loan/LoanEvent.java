package ums.loan;

import java.util.Locale;
import ums.message.Purpose;

/** An event in a loan's life. The customer gets a message about each. */
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

    /** The purpose of the message about it. */
    Purpose purpose() {
        return purpose;
    }

    /** The base name of the files with its message. */
    String template() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
