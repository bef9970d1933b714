package ums.delivery;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import ums.channel.email.EmailContent;
import ums.channel.email.EmailSender;
import ums.channel.email.NoopEmailSender;
import ums.contact.BlockedHours;
import ums.contact.ContactPreference;
import ums.contact.ContactPreferences;
import ums.failure.FailureFilter;
import ums.failure.Failures;
import ums.failure.SendFailure;
import ums.message.NewMessage;
import ums.message.OnUnknown;
import ums.message.Options;
import ums.message.Purpose;
import ums.message.Sender;
import ums.message.SendingRule;
import ums.provider.Outcome;
import ums.provider.Reply;
import ums.queue.Priority;

/** A story about messages of purpose COLLECTION; 2026-11-30 is a Monday. */
abstract class CollectionStory extends DispatchStory {

    static final Instant NOON = korea("2026-11-30T12:00:00");
    static final Outcome DEFERRED = new Outcome.Deferred("RCPT", new Reply(451, "4.7.1 Greylisted"));
    static final Outcome UNKNOWN = new Outcome.Unknown(".", "the connection was lost");

    @Autowired
    SendingRule rule;

    @Autowired
    ContactPreferences preferences;

    @Autowired
    Failures failures;

    final NoopEmailSender provider = new NoopEmailSender();

    @BeforeEach
    void noonWithoutContacts() {
        jdbc.sql("truncate contact, contact_preference, send_failure").update();
        clock.set(NOON);
    }

    UUID collection(String reference) {
        return accept(Purpose.COLLECTION, reference, OnUnknown.REVIEW, "kim@example.com");
    }

    UUID accept(Purpose purpose, @Nullable String reference, OnUnknown onUnknown, String... to) {
        EmailContent content =
                new EmailContent(null, List.of(to), List.of(), List.of(), null, "A subject", "A text", null, Map.of());
        return messages.accept(new NewMessage(
                        new Sender(CLIENT, false, Set.of()),
                        "email",
                        content,
                        options(purpose, reference, onUnknown),
                        null))
                .id();
    }

    static Options options(Purpose purpose, @Nullable String reference, OnUnknown onUnknown) {
        return new Options(reference, Map.of(), purpose, Priority.NORMAL, null, null, onUnknown);
    }

    void block(String recipient, BlockedHours... hours) {
        preferences.set("kim", new ContactPreference(recipient, List.of(hours), Set.of()));
    }

    SendFailure open(UUID id) {
        return failures.list(new FailureFilter(false, null, null, 100)).stream()
                .filter(it -> it.messageId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    void retry(UUID id) {
        failures.retry(open(id).id(), "kim", "once more");
    }

    int status(String status) {
        return jdbc.sql("select count(*) from message where status = :status")
                .param("status", status)
                .query(Integer.class)
                .single();
    }

    int contacts() {
        return jdbc.sql("select count(*) from contact where counted_at is not null")
                .query(Integer.class)
                .single();
    }

    @Override
    Dispatcher dispatcher(EmailSender sender) {
        return dispatcher(sender, 20);
    }

    @Override
    Map<Purpose, SendingRule> rules() {
        return Map.of(rule.purpose(), rule);
    }

    static Instant korea(String local) {
        return OffsetDateTime.parse(local + "+09:00").toInstant();
    }
}
