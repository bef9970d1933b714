package ums.loan;

/** A loan's status; {@link LoanTransitions} alone defines its transitions. */
public enum LoanStatus {
    APPLIED,
    APPROVED,
    ACTIVE,
    DELINQUENT,
    IN_COLLECTION,
    CHARGED_OFF,
    PAID_OFF,
    FORGIVEN,
    REJECTED,
    WITHDRAWN
}
