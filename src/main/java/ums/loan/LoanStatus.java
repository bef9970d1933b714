package ums.loan;

/** Where a loan stands; where it may go from here is told by {@link LoanTransitions} alone. */
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
