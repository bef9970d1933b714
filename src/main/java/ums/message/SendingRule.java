package ums.message;

/**
 * What may keep a claimed message from being sent now. There is one bean at most for a purpose; messages of purposes without
 * one are never asked about.
 */
public interface SendingRule {

    /** Whose messages it is about. */
    Purpose purpose();

    /**
     * Decides about an attempt that is about to begin. Called by the dispatcher after the claim, outside any transaction, and
     * again where the database could not be asked. What it writes is valid until the attempt is settled, and changed by a
     * {@link SettlementStep}.
     *
     * @throws org.springframework.dao.DataAccessException where the database is out of reach
     */
    Ruling decide(Attempt attempt);
}
