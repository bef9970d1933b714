package ums.message;

/** What follows an unknown outcome: the provider may or may not have the message. */
public enum OnUnknown {
    /** Send again, with the same Message-ID: better twice than never. */
    RETRY,
    /** Leave it to an operator: better late than twice. */
    REVIEW
}
