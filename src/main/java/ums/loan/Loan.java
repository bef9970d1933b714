package ums.loan;

import java.time.Instant;
import java.util.UUID;

/**
 * A loan as it stands.
 *
 * @param id its UUIDv7
 * @param client whose it is
 * @param terms what was applied for
 * @param status where it stands
 * @param createdAt when it was applied for
 * @param updatedAt when its status changed last
 */
public record Loan(UUID id, String client, NewLoan terms, LoanStatus status, Instant createdAt, Instant updatedAt) {

    /** The same loan, moved. */
    Loan movedTo(LoanStatus to, Instant at) {
        return new Loan(id, client, terms, to, createdAt, at);
    }
}
