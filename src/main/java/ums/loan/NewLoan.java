package ums.loan;

/**
 * The terms of a loan application.
 *
 * @param contractNo the lender's number for it
 * @param customerId the lender's number for the customer
 * @param customerEmail the customer's address, without a display name
 * @param customerName the customer's name
 * @param language the language of messages to the customer
 * @param principal in won, at least 1
 */
public record NewLoan(
        String contractNo,
        String customerId,
        String customerEmail,
        String customerName,
        LoanLanguage language,
        long principal) {}
