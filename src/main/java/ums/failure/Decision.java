package ums.failure;

/** What a person may decide about a failure other than to try again. */
public enum Decision {
    /** The provider has it after all: the message counts as sent. Only for one in review. */
    MARK_SENT,
    /** It will not be sent. */
    ABANDON
}
