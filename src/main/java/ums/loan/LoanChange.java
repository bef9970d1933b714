package ums.loan;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One row of a loan's history.
 *
 * @param from where it stood
 * @param to where it went
 * @param event what happened
 * @param by whose doing it was
 * @param reason why, for the lender's own records, or null
 * @param at when
 * @param messageId the message that told the customer
 */
public record LoanChange(
        LoanStatus from,
        LoanStatus to,
        LoanEvent event,
        String by,
        @Nullable String reason,
        Instant at,
        UUID messageId) {}
