package ums.failure;

/** How an admin may resolve a failure without a retry. */
public enum Decision {
    /** The provider has the message: it counts as sent. Only for a message in review. */
    MARK_SENT,
    /** It will not be sent. */
    ABANDON
}
