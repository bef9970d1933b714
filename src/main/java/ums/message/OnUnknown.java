package ums.message;

/** What happens when nobody can know whether the provider took a message. */
public enum OnUnknown {
    /** Send again, with the same Message-ID: better twice than never. */
    RETRY,
    /** Leave it to a person: better late than twice. */
    REVIEW
}
