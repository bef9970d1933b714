package ums.contact;

import static java.util.stream.Collectors.joining;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import ums.audit.AuditLog;
import ums.channel.Channels;

/** Customers' contact preferences. Admins write them, and each change is in the audit log. */
@Service
public class ContactPreferences {

    private final ContactPreferenceRepository repository;
    private final Channels channels;
    private final AuditLog audit;

    ContactPreferences(ContactPreferenceRepository repository, Channels channels, AuditLog audit) {
        this.channels = channels;
        this.repository = repository;
        this.audit = audit;
    }

    /**
     * Replaces a recipient's preference, with effect from the next attempt.
     *
     * @param admin the admin's name, for the audit log
     * @return the stored preference, with the recipient in its normalized spelling
     * @throws PreferenceTooBroadException for more than 28 hours a week or three channels
     */
    @Transactional
    public ContactPreference set(String admin, ContactPreference requested) {
        if (BlockedHours.total(requested.blocked()).compareTo(ContactRules.MAX_BLOCKED) > 0) {
            throw new PreferenceTooBroadException("/blocked", "must be at most 28 hours a week (개인채무자보호법 18)");
        }
        if (requested.blockedChannels().size() > ContactRules.MAX_MEANS) {
            throw new PreferenceTooBroadException("/blockedChannels", "must be at most three channels (개인채무자보호법 18)");
        }
        ContactPreference stored = new ContactPreference(
                identity(requested.recipient()), requested.blocked(), requested.blockedChannels());
        repository.set(stored);
        audit.record(admin, "contact-preferences.set", stored.recipient(), describe(stored));
        return stored;
    }

    /** A recipient's preference; empty if none was ever set. */
    public Optional<ContactPreference> find(String recipient) {
        return repository.find(identity(recipient));
    }

    /** Normalizes an address, so that a preference applies to all its spellings. */
    String identity(String recipient) {
        return channels.spelling(recipient).toLowerCase(Locale.ROOT);
    }

    private static String describe(ContactPreference stored) {
        return "blocked: "
                + Stream.concat(
                                stored.blocked().stream()
                                        .map(it -> it.day() + " " + BlockedHours.time(it.from()) + "-"
                                                + BlockedHours.time(it.to())),
                                stored.blockedChannels().stream())
                        .collect(joining(", "));
    }
}
