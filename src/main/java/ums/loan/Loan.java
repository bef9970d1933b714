package ums.loan;

import java.time.Instant;
import java.util.UUID;

/**
 * A loan in its current state.
 *
 * @param id its UUIDv7
 * @param client the client that owns it
 * @param test true if a test key applied for it: its messages never leave the machine
 * @param terms the terms applied for
 * @param status its status
 * @param createdAt the time of the application
 * @param updatedAt the time of the last change of status
 */
public record Loan(
        UUID id, String client, boolean test, NewLoan terms, LoanStatus status, Instant createdAt, Instant updatedAt) {

    /** The same loan in another status. */
    Loan withStatus(LoanStatus to, Instant at) {
        return new Loan(id, client, test, terms, to, createdAt, at);
    }
}
