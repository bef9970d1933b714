package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import ums.channel.ErrorType;
import ums.channel.email.Email;
import ums.channel.email.EmailContent;
import ums.channel.email.EmailSender;
import ums.channel.email.FailingEmailSender;
import ums.channel.email.NoopEmailSender;
import ums.failure.FailureFilter;
import ums.failure.Failures;
import ums.failure.SendFailure;
import ums.message.Message;
import ums.message.MessageStatus;
import ums.message.NewMessage;
import ums.message.NotRoutableException;
import ums.message.Options;
import ums.message.RecipientState;
import ums.message.Sender;
import ums.message.TimelineEvent;
import ums.provider.Account;
import ums.provider.EmailProvider;
import ums.provider.Outcome;
import ums.provider.Provider.Availability;
import ums.provider.ProviderSettings;
import ums.provider.Providers;
import ums.provider.RecipientOutcome;
import ums.provider.Reply;
import ums.queue.Claim;
import ums.queue.Claimant;
import ums.queue.Claimant.Allowance;
import ums.queue.Orphans;

/** A message on a route over two providers: the next one is asked where the first cannot have it, and never where it may. */
class FailoverTest extends DispatchStory {

    private static final Outcome REFUSED = new Outcome.Disconnected("CONNECT", "connection refused", null);
    private static final Outcome UNKNOWN = new Outcome.Unknown("FINAL_DOT", "lost");

    @Autowired
    Failures failures;

    private final FailingEmailSender a = new FailingEmailSender(REFUSED);
    private final NoopEmailSender b = new NoopEmailSender();

    @Test
    void whereTheFirstRefusesConnectionsTheSecondSendsInTheSameAttempt() throws InterruptedException {
        UUID id = accept();

        pollAndSettle(dispatcher(route()));

        Message message = message(id);
        assertThat(message.progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(message.progress().attemptCount()).isEqualTo(1);
        assertThat(message.progress().provider()).isEqualTo("b");
        assertThat(message.recipients()).extracting(RecipientState::provider).containsExactly("b");
        assertThat(timeline(id).getLast().provider()).isEqualTo("b");
        assertThat(a.attempts()).isEqualTo(1);
        assertThat(b.taken()).hasSize(1);
    }

    @Test
    void anOpenCircuitIsPassedOver() throws InterruptedException {
        UUID id = accept();

        pollAndSettle(dispatcher(EmailProvider.route(Map.of("a", unavailable(), "b", b))));

        assertThat(message(id).progress().provider()).isEqualTo("b");
    }

    @Test
    void afterAnUnknownOutcomeTheOtherNeverSeesTheMessage() throws InterruptedException {
        UUID id = accept();
        a.failWith(UNKNOWN);

        pollAndSettle(dispatcher(route()));
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.RETRY);

        // Neither when the first is out of reach, nor when the route begins with the other.
        a.failWith(REFUSED);
        later();
        pollAndSettle(dispatcher(EmailProvider.route(Map.of("0", b, "a", a))));
        assertThat(b.taken()).isEmpty();
        assertThat(a.attempts()).isEqualTo(2);

        a.failWith(new Outcome.Sent(new Reply(250, "ok")));
        later();
        pollAndSettle(dispatcher(route()));
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(b.taken()).isEmpty();
    }

    @Test
    void aClaimInDoubtOfADeadProcessBindsTheMessageToTheProviderThatIsWrittenThere() throws InterruptedException {
        UUID id = accept();
        queue.claim(UUID.randomUUID(), dead("a"), 1);

        staleClaims().rescue(Orphans.ALL);
        later();
        pollAndSettle(dispatcher(route()));

        assertThat(b.taken()).isEmpty();
        assertThat(a.attempts()).isEqualTo(1);
        assertThat(message(id).progress().bound()).isTrue();
    }

    @Test
    void theClaimSaysWhereTheAttemptHasGoneOn() throws InterruptedException {
        UUID id = accept();
        Claim claim = queue.claim(UUID.randomUUID(), dead("a"), 1).getFirst();
        assertThat(queue.assign(claim, "b")).isTrue();

        staleClaims().rescue(Orphans.ALL);
        later();
        pollAndSettle(dispatcher(route()));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(a.attempts()).isZero();
        assertThat(queue.assign(claim, "a")).isFalse();
    }

    @Test
    void whoCanBeServedByTheFirstIsNotNamedToTheSecond() throws InterruptedException {
        UUID id = messages.accept(new NewMessage(
                        new Sender(CLIENT, false, Set.of()),
                        "email",
                        new EmailContent(
                                null,
                                List.of("kim@example.com", "su@example.com"),
                                List.of(),
                                List.of(),
                                null,
                                "s",
                                "t",
                                null,
                                Map.of()),
                        Options.NONE,
                        null))
                .id();
        EmailSender first = email -> List.of(
                new RecipientOutcome(
                        email.recipients().getFirst(), new Outcome.Rejected("RCPT", new Reply(550, "no such user"))),
                new RecipientOutcome(email.recipients().getLast(), REFUSED));

        pollAndSettle(dispatcher(EmailProvider.route(Map.of("a", first, "b", b))));

        assertThat(b.taken())
                .singleElement()
                .satisfies(it -> assertThat(it.recipients())
                        .extracting(recipient -> recipient.address())
                        .containsExactly("su@example.com"));
        assertThat(message(id).recipients())
                .extracting(RecipientState::status, RecipientState::provider)
                .containsExactly(tuple(RecipientState.Status.REFUSED, "a"), tuple(RecipientState.Status.SENT, "b"));
    }

    @Test
    void whereTheNextProviderCannotBeWrittenWhatTheFirstDecidedIsKept() throws InterruptedException {
        UUID id = accept();
        EmailSender first = email -> {
            jdbc.sql("alter table outbox rename column provider to gone").update();
            return new FailingEmailSender(REFUSED).send(email);
        };

        Dispatcher dispatcher = dispatcher(EmailProvider.route(Map.of("a", first, "b", b)));
        try {
            pollAndSettle(dispatcher);
        } finally {
            jdbc.sql("alter table outbox rename column gone to provider").update();
        }

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.RETRY);
        assertThat(message(id).progress().lastError().provider()).isEqualTo("a");
        assertThat(b.taken()).isEmpty();
    }

    @Test
    void aBoundMessageWhoseProviderIsGoneIsReviewed() throws InterruptedException {
        UUID id = accept();
        a.failWith(UNKNOWN);
        pollAndSettle(dispatcher(route()));

        later();
        pollAndSettle(dispatcher(EmailProvider.route(Map.of("b", b))));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
        assertThat(message(id).progress().lastError().type()).isEqualTo(ErrorType.PROVIDER_GONE);
        assertThat(b.taken()).isEmpty();
    }

    @Test
    void aBoundMessageWhoseProviderIsUnavailableWaitsAtNoAttempt() throws InterruptedException {
        UUID id = accept();
        a.failWith(UNKNOWN);
        pollAndSettle(dispatcher(route()));

        later();
        pollAndSettle(dispatcher(EmailProvider.route(Map.of("a", unavailable(), "b", b))));

        assertThat(b.taken()).isEmpty();
        assertThat(message(id).progress().attemptCount()).isEqualTo(1);
        assertThat(outboxRows("state = 'DELAYED' and attempt_count = 1")).isEqualTo(1);
    }

    @Test
    void aBoundMessageWhoseProviderIsUnavailableForThreeDaysIsReviewed() throws InterruptedException {
        UUID id = accept();
        a.failWith(UNKNOWN);
        pollAndSettle(dispatcher(route()));

        later();
        EmailSender first = unavailableSince(clock.instant().minus(Duration.ofHours(73)));
        pollAndSettle(dispatcher(EmailProvider.route(Map.of("a", first, "b", b))));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
        assertThat(message(id).progress().lastError().type()).isEqualTo(ErrorType.PROVIDER_GONE);
        assertThat(b.taken()).isEmpty();
    }

    @Test
    void aMessageBoundToAnAccountThatMayNotSendAsItsSenderIsReviewed() throws InterruptedException {
        UUID id = accept();
        queue.claim(UUID.randomUUID(), dead("a"), 1);
        staleClaims().rescue(Orphans.ALL);

        later();
        pollAndSettle(dispatcher(new Providers(
                Map.of("email", List.of(account("a", List.of("elsewhere.example"), a), account("b", List.of(), b))),
                _ -> new EmailProvider(b),
                Set.of(),
                false)));

        assertThat(a.attempts()).isZero();
        assertThat(b.taken()).isEmpty();
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
        assertThat(message(id).progress().lastError().type()).isEqualTo(ErrorType.PROVIDER_GONE);
    }

    @Test
    void whereTheFirstUsesUpTheAttemptsTimeTheSecondIsNotBlamedForIt() throws InterruptedException {
        UUID id = accept();
        attemptTimeout = Duration.ofMillis(50);
        EmailSender silent = email -> {
            long begun = System.nanoTime();
            await().until(() -> System.nanoTime() - begun > attemptTimeout.toNanos());
            return RecipientOutcome.all(email.recipients(), new Outcome.TimedOut("MAIL", "no answer in time"));
        };

        pollAndSettle(dispatcher(EmailProvider.route(Map.of("a", silent, "b", b))));

        assertThat(b.taken()).isEmpty();
        assertThat(message(id).progress().attemptCount()).isEqualTo(1);
        assertThat(message(id).progress().lastError().type()).isEqualTo(ErrorType.TIMEOUT);
        assertThat(message(id).progress().lastError().provider()).isEqualTo("a");
    }

    @Test
    void anAdminsRetryStaysWithTheProviderUnlessItNamesAnother() throws InterruptedException {
        UUID id = acceptForReview();
        a.failWith(UNKNOWN);
        pollAndSettle(dispatcher(route()));
        SendFailure failure = open(id);
        assertThat(failure.error().provider()).isEqualTo("a");

        failures.retry(failure.id(), "root", "it was not seen");
        pollAndSettle(dispatcher(route()));
        assertThat(b.taken()).isEmpty();

        assertThatThrownBy(() -> failures.retry(open(id).id(), "root", "there", "nobody"))
                .isInstanceOf(NotRoutableException.class);
        assertThat(open(id).handled()).isFalse();
    }

    @Test
    void aSenderThatTheFirstAccountLacksGoesByTheSecond() throws InterruptedException {
        UUID id = accept();
        Providers providers = new Providers(
                Map.of("email", List.of(account("a", List.of("elsewhere.example"), a), account("b", List.of(), b))),
                _ -> new EmailProvider(b),
                Set.of(),
                false);

        pollAndSettle(dispatcher(providers));

        assertThat(message(id).progress().provider()).isEqualTo("b");
        assertThat(a.attempts()).isZero();
    }

    @Test
    void anAddressThatTheFirstAccountLacksGoesByTheSecond() throws InterruptedException {
        UUID id = accept();
        Providers providers = new Providers(
                Map.of(
                        "email",
                        List.of(
                                account("a", List.of("elsewhere.example"), List.of("other@example.com"), a),
                                account("b", List.of("elsewhere.example"), List.of("ums@example.com"), b))),
                _ -> new EmailProvider(b),
                Set.of(),
                false);

        pollAndSettle(dispatcher(providers));

        assertThat(message(id).progress().provider()).isEqualTo("b");
        assertThat(a.attempts()).isZero();
    }

    @Test
    void notNowStaysWithTheFirstUnlessTheChannelSaysOtherwise() throws InterruptedException {
        UUID id = accept();
        a.failWith(new Outcome.Deferred("RCPT", new Reply(451, "later")));

        pollAndSettle(dispatcher(route()));
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.RETRY);
        assertThat(message(id).progress().lastError().provider()).isEqualTo("a");
        assertThat(b.taken()).isEmpty();

        later();
        pollAndSettle(dispatcher(new Providers(
                Map.of("email", route().route("email", false)), _ -> new EmailProvider(b), Set.of("email"), false)));
        assertThat(message(id).progress().provider()).isEqualTo("b");
    }

    private Providers route() {
        return EmailProvider.route(Map.of("a", a, "b", b));
    }

    private static Account account(String id, List<String> domains, EmailSender sender) {
        return account(id, domains, List.of(), sender);
    }

    private static Account account(String id, List<String> domains, List<String> senders, EmailSender sender) {
        ProviderSettings settings = new ProviderSettings("double", null, null, false, domains, senders);
        return Account.of(id, settings, new EmailProvider(sender));
    }

    private Claimant dead(String provider) {
        return new Claimant("dead", false, Map.of("email", new Allowance(provider, 10)));
    }

    private static EmailSender unavailable() {
        return unavailableSince(null);
    }

    private static EmailSender unavailableSince(@Nullable Instant since) {
        return new EmailSender() {
            @Override
            public List<RecipientOutcome> send(Email email) {
                throw new AssertionError("its circuit is open");
            }

            @Override
            public Availability availability() {
                return new Availability(false, "CONNECT: refused", since);
            }
        };
    }

    private List<TimelineEvent> timeline(UUID id) {
        return messages.events(OWNER, id).orElseThrow();
    }

    private SendFailure open(UUID message) {
        return failures.list(new FailureFilter(false, null, null, 100)).stream()
                .filter(it -> it.messageId().equals(message))
                .findFirst()
                .orElseThrow();
    }

    /** After the longest wait between two attempts. */
    private void later() {
        clock.advance(Duration.ofHours(1));
    }
}
