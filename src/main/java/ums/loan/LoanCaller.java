package ums.loan;

import ums.message.Owner;
import ums.message.Sender;

/**
 * Who asks something of a loan.
 *
 * @param sender whose loans are seen, and on whose behalf customers are told
 * @param name what the history calls him
 */
public record LoanCaller(Sender sender, String name) {

    Owner owner() {
        return sender.owner();
    }
}
