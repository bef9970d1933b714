package ums.provider;

import java.util.List;
import org.jspecify.annotations.Nullable;
import ums.channel.ErrorType;
import ums.channel.Failure;
import ums.channel.Recipient;

/**
 * The outcome of one attempt for one recipient.
 *
 * @param recipient the recipient
 * @param outcome its outcome
 * @param serverFault true where no message can have caused it (connecting, greeting, EHLO, TLS, AUTH, 421 before RCPT,
 *     too many connections, a limit of recipients after others were taken): the attempt does not count
 * @param provider the id of the account, added by the dispatcher; null where the message reached no provider
 */
public record RecipientOutcome(
        Recipient recipient,
        Outcome outcome,
        boolean serverFault,
        @Nullable String provider) {

    /** An outcome at a provider that does not know its own id. */
    public RecipientOutcome(Recipient recipient, Outcome outcome, boolean serverFault) {
        this(recipient, outcome, serverFault, null);
    }

    /** The same at the account with that id. */
    public RecipientOutcome at(String account) {
        return new RecipientOutcome(recipient, outcome, serverFault, account);
    }

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

    /**
     * Why the recipient does not have the message.
     *
     * @throws IllegalStateException where the provider took it
     */
    public Failure failure() {
        ErrorType type = outcome.errorType();
        if (type == null) {
            throw new IllegalStateException("Sent is no failure");
        }
        Reply reply = outcome.answer();
        String code = reply == null ? null : Integer.toString(reply.code());
        return new Failure(type, code, outcome.at(), outcome.description(), provider);
    }
}
