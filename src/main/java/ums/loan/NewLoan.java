package ums.loan;

/**
 * A loan that somebody applies for.
 *
 * @param contractNo the lender's number for it
 * @param customerId the lender's number for the customer
 * @param customerEmail where the customer is written to, a bare address
 * @param customerName how the customer is called
 * @param language in which the customer is written to
 * @param principal in won, at least 1
 */
public record NewLoan(
        String contractNo,
        String customerId,
        String customerEmail,
        String customerName,
        LoanLanguage language,
        long principal) {}
