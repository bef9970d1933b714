package ums.loan;

/**
 * An answer that may have been given before.
 *
 * @param loan the loan as it stood when the request was done
 * @param replayed true where an earlier request with the same key did it, and this one nothing
 */
public record Replayable(Loan loan, boolean replayed) {}
