package ums.message;

/**
 * Decides whether a claimed message may be sent now. There is one bean at most for a purpose; messages of other purposes are
 * always sent.
 */
public interface SendingRule {

    /** The purpose of the messages that it decides about. */
    Purpose purpose();

    /**
     * Decides about a message whose attempt is about to begin. Called by the dispatcher after the claim, outside any
     * transaction, and again where the database could not be asked. What it writes is valid until the attempt is settled,
     * and changed by a {@link SettlementStep}.
     *
     * @throws org.springframework.dao.DataAccessException where the database is out of reach
     */
    Ruling decide(LoadedMessage message);
}
