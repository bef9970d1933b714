package ums.channel;

/** Why an attempt did not end in a message taken: the words of the API, the metrics and the logs. */
public enum ErrorType {
    /** The provider said "not now" (4yz). */
    DEFERRED,
    /** The provider said "never" (5yz). */
    REJECTED,
    /** No connection, or a connection lost before the provider can have taken the message. */
    CONNECTION,
    /** No answer in time, before the provider can have taken the message. */
    TIMEOUT,
    /** Nobody can know whether the provider took the message. */
    UNKNOWN_OUTCOME,
    /** The provider refused who we are: the operator's fault, not the message's. */
    AUTHENTICATION,
    /** The message cannot be built, or needs what the provider lacks. */
    INVALID,
    /** A contact rule forbids it. */
    POLICY
}
