package ums.channel;

/**
 * The outcome of one attempt for one recipient.
 *
 * @param recipient the recipient
 * @param outcome its outcome
 * @param serverFault true where no message can have caused it (connecting, greeting, EHLO, TLS, AUTH, 421 before RCPT,
 *     too many connections, a limit of recipients after others were taken): the attempt does not count
 */
public record RecipientOutcome(Recipient recipient, Outcome outcome, boolean serverFault) {

    /** An outcome caused by the message or its recipient. */
    public RecipientOutcome(Recipient recipient, Outcome outcome) {
        this(recipient, outcome, false);
    }
}
