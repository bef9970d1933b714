package ums.loan;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One row of a loan's history.
 *
 * @param from the status before
 * @param to the status after
 * @param event the event
 * @param by the name of the caller
 * @param reason the reason, for the lender's records, or null
 * @param at the time of the change
 * @param messageId the message to the customer
 */
public record LoanChange(
        LoanStatus from,
        LoanStatus to,
        LoanEvent event,
        String by,
        @Nullable String reason,
        Instant at,
        UUID messageId) {}
