package ums.loan;

import ums.message.Sender;

/**
 * Who asks something of a loan.
 *
 * @param sender whose loans he sees, and on whose behalf customers are told
 * @param name what the history calls him
 */
public record LoanCaller(Sender sender, String name) {

    String client() {
        return sender.client();
    }
}
