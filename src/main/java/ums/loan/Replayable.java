package ums.loan;

/**
 * The result of an idempotent request.
 *
 * @param loan the loan after the request, or after the earlier one
 * @param replayed true if an earlier request with the same key did it, and this one nothing
 */
public record Replayable(Loan loan, boolean replayed) {}
