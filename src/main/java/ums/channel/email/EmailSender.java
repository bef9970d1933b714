package ums.channel.email;

import java.util.List;
import ums.channel.MessageSender.Availability;
import ums.channel.RecipientOutcome;

/** Sends one rendered e-mail: over SMTP, into the inbox, or in tests nowhere. */
public interface EmailSender {

    /**
     * Makes one attempt. May block for as long as the provider takes; throws nothing, as errors are outcomes.
     *
     * @return an outcome for each of {@link Email#recipients()} that was tried, in the e-mail's order
     */
    List<RecipientOutcome> send(Email email);

    /** Whether it can send now. Called before each claim: no I/O. */
    default Availability availability() {
        return Availability.AVAILABLE;
    }
}
