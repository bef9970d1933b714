package ums.contact;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import ums.channel.Recipient;
import ums.message.LoadedMessage;
import ums.message.Purpose;
import ums.message.RecipientState;
import ums.message.Ruling;
import ums.message.SendingRule;

/**
 * Applies the rules to an attempt, in one short transaction before it begins. If it may begin, its contact is reserved
 * under a lock on the reference, so that only one of two workers gets the seventh contact. The lock is not held while
 * the message is sent.
 */
@Component
class ContactGuard implements SendingRule {

    private final ContactRepository contacts;
    private final ContactPreferences preferences;
    private final ContactPreferenceRepository repository;
    private final Clock clock;

    ContactGuard(
            ContactRepository contacts,
            ContactPreferences preferences,
            ContactPreferenceRepository repository,
            Clock clock) {
        this.repository = repository;
        this.contacts = contacts;
        this.preferences = preferences;
        this.clock = clock;
    }

    @Override
    public Purpose purpose() {
        return Purpose.COLLECTION;
    }

    @Override
    @Transactional
    public Ruling decide(LoadedMessage message) {
        Optional<Contact> about = contacts.about(message.id());
        return about.isEmpty()
                ? new Ruling.Forbidden("it is not in the ledger any more")
                : decide(message, about.get());
    }

    private Ruling decide(LoadedMessage message, Contact contact) {
        List<ContactPreference> stored = repository.findAll(message.pending().stream()
                .map(RecipientState::recipient)
                .map(Recipient::address)
                .map(preferences::identity)
                .toList());
        if (stored.stream().anyMatch(it -> ContactRules.blockedMeans(it.blockedChannels(), contact.channel()))) {
            return new Ruling.Forbidden(ContactRules.BLOCKED_MEANS);
        }
        List<BlockedHours> blocked =
                stored.stream().flatMap(it -> it.blocked().stream()).toList();
        return switch (ContactRules.hours(blocked, clock.instant())) {
            case ContactRules.Hours.Open it -> reserve(message, contact, it.until());
            case ContactRules.Hours.Closed it -> new Ruling.Waits(it.until(), it.why());
            case ContactRules.Hours.Never _ -> new Ruling.Forbidden(ContactRules.NO_HOUR);
        };
    }

    private Ruling reserve(LoadedMessage message, Contact contact, Instant until) {
        contacts.lock(contact);
        Instant now = clock.instant();
        List<Instant> others = contacts.others(contact, message.id(), now.minus(ContactRules.SEVEN_DAYS), now);
        if (ContactRules.sevenInSevenDays(others, now)) {
            return new Ruling.Forbidden(ContactRules.SEVEN_IN_SEVEN_DAYS);
        }
        contacts.reserve(contact, message.id(), now);
        return new Ruling.Allowed(until);
    }
}
