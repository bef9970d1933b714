package ums.loan;

import ums.message.Owner;
import ums.message.Sender;

/**
 * The caller of an operation on loans.
 *
 * @param sender whose loans are visible, and on whose behalf customers get messages
 * @param name the caller's name in the history
 */
public record LoanCaller(Sender sender, String name) {

    Owner owner() {
        return sender.owner();
    }
}
