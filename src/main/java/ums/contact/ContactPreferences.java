package ums.contact;

import static java.util.stream.Collectors.joining;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import ums.audit.AuditLog;
import ums.channel.email.EmailAddress;

/** What customers have asked to be spared; kept by admins, and each change in the audit log. */
@Service
public class ContactPreferences {

    private final ContactPreferenceRepository repository;
    private final AuditLog audit;

    ContactPreferences(ContactPreferenceRepository repository, AuditLog audit) {
        this.repository = repository;
        this.audit = audit;
    }

    /**
     * Replaces what is kept about a recipient; it holds from the next attempt on.
     *
     * @param admin who does it
     * @return what is kept now, with the recipient in the one spelling that is compared
     * @throws PreferenceTooBroadException over 28 hours a week or three channels
     */
    @Transactional
    public ContactPreference set(String admin, ContactPreference wanted) {
        if (BlockedHours.together(wanted.blocked()).compareTo(ContactRules.MOST_BLOCKED) > 0) {
            throw new PreferenceTooBroadException("/blocked", "must be at most 28 hours a week (개인채무자보호법 18)");
        }
        if (wanted.blockedChannels().size() > ContactRules.MOST_MEANS) {
            throw new PreferenceTooBroadException("/blockedChannels", "must be at most three channels (개인채무자보호법 18)");
        }
        ContactPreference kept =
                new ContactPreference(identity(wanted.recipient()), wanted.blocked(), wanted.blockedChannels());
        repository.set(kept);
        audit.record(admin, "contact-preferences.set", kept.recipient(), words(kept));
        return kept;
    }

    /** What is kept about a recipient; empty where nothing ever was. */
    public Optional<ContactPreference> find(String recipient) {
        return repository.find(identity(recipient));
    }

    /** Equal for all spellings of an address: who asks to be spared is not to be missed for a capital letter. */
    static String identity(String recipient) {
        try {
            return EmailAddress.parse(recipient).identity().toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException _) {
            return recipient.toLowerCase(Locale.ROOT);
        }
    }

    private static String words(ContactPreference kept) {
        return "blocked: "
                + Stream.concat(
                                kept.blocked().stream()
                                        .map(it -> it.day() + " " + BlockedHours.time(it.from()) + "-" + BlockedHours.time(it.to())),
                                kept.blockedChannels().stream())
                        .collect(joining(", "));
    }
}
