package ums.loan;

import java.time.Instant;
import java.util.UUID;

/**
 * A loan as it stands.
 *
 * @param id its UUIDv7
 * @param client whose it is
 * @param test true where a test key applied for it: what is told of it never leaves the machine
 * @param terms what was applied for
 * @param status where it stands
 * @param createdAt when it was applied for
 * @param updatedAt when its status changed last
 */
public record Loan(
        UUID id, String client, boolean test, NewLoan terms, LoanStatus status, Instant createdAt, Instant updatedAt) {

    /** The same loan, moved. */
    Loan movedTo(LoanStatus to, Instant at) {
        return new Loan(id, client, test, terms, to, createdAt, at);
    }
}
