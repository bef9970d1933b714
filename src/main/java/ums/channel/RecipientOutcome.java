package ums.channel;

/**
 * What became of one recipient in one attempt.
 *
 * @param recipient who
 * @param outcome what
 * @param serverFault true where no message can have caused it (connecting, greeting, EHLO, TLS, AUTH, 421 before RCPT, too
 *     many connections, a limit of recipients after others were taken): the attempt costs the message nothing
 */
public record RecipientOutcome(Recipient recipient, Outcome outcome, boolean serverFault) {

    /** An outcome that is about the message or its recipient. */
    public RecipientOutcome(Recipient recipient, Outcome outcome) {
        this(recipient, outcome, false);
    }
}
