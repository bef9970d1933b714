package ums.channel.email;

import java.util.List;
import ums.provider.Provider.Availability;
import ums.provider.RecipientOutcome;

/** Takes the rendered e-mails of a provider that a test makes. */
@FunctionalInterface
public interface EmailSender {

    /** Makes one attempt. */
    List<RecipientOutcome> send(Email email);

    /** Whether it can send now. */
    default Availability availability() {
        return Availability.AVAILABLE;
    }
}
