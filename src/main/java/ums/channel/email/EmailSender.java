package ums.channel.email;

import java.util.List;
import ums.channel.MessageSender.Availability;
import ums.channel.RecipientOutcome;

/** Hands one rendered e-mail to a provider: over SMTP, into the inbox, or in tests nowhere at all. */
public interface EmailSender {

    /**
     * Makes one attempt. May block for as long as the provider takes; throws nothing, as faults are outcomes.
     *
     * @return what became of each of {@link Email#recipients()}, in their order; of none that had no turn
     */
    List<RecipientOutcome> send(Email email);

    /** Whether it can take e-mails now. Asked before each claim: no I/O. */
    default Availability availability() {
        return Availability.AVAILABLE;
    }
}
