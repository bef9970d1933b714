package ums.channel;

import java.util.List;

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

    /** The same outcome for each recipient, caused by the message. */
    public static List<RecipientOutcome> all(List<Recipient> recipients, Outcome outcome) {
        return all(recipients, outcome, false);
    }

    /** The same outcome for each recipient. */
    public static List<RecipientOutcome> all(List<Recipient> recipients, Outcome outcome, boolean serverFault) {
        return recipients.stream()
                .map(it -> new RecipientOutcome(it, outcome, serverFault))
                .toList();
    }
}
