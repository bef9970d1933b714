package ums.channel;

/** Why an attempt did not send the message, as the API, the metrics and the logs name it. */
public enum ErrorType {
    /** The provider said "not now" (4yz). */
    DEFERRED,
    /** The provider said "never" (5yz). */
    REJECTED,
    /** No connection, or a connection lost before the provider could have taken the message. */
    CONNECTION,
    /** No reply in time, before the provider could have taken the message. */
    TIMEOUT,
    /** It is unknown whether the provider took the message. */
    UNKNOWN_OUTCOME,
    /** The provider refused the credentials or the TLS session: a configuration error, not the message's. */
    AUTHENTICATION,
    /**
     * The provider refused the account itself: its balance, its quota, or a sender that is not registered there. The operator's
     * fault, not the message's.
     */
    ACCOUNT,
    /** The message cannot be rendered, or needs an extension that the provider lacks. */
    INVALID,
    /** A contact rule forbids it. */
    POLICY,
    /** The only provider that may have the message takes none any more. */
    PROVIDER_GONE
}
