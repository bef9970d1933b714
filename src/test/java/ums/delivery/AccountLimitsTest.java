package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import ums.channel.email.EmailContent;
import ums.channel.email.EmailSender;
import ums.channel.email.FailingEmailSender;
import ums.channel.email.NoopEmailSender;
import ums.message.MessageStatus;
import ums.message.NewMessage;
import ums.message.Options;
import ums.message.Sender;
import ums.provider.Account;
import ums.provider.EmailProvider;
import ums.provider.Outcome;
import ums.provider.ProviderSettings;
import ums.provider.Providers;

/** What exceeds the limits of an account stays in the queue, or goes to the next account where only the rate is exceeded. */
class AccountLimitsTest extends DispatchStory {

    private static final boolean OVERFLOWS = true;
    private static final boolean WAITS = false;

    private final NoopEmailSender a = new NoopEmailSender();
    private final NoopEmailSender b = new NoopEmailSender();

    @Test
    void whatExceedsTheRateGoesToTheNextWhereTheAccountOverflows() throws InterruptedException {
        accept(3);
        Dispatcher dispatcher = dispatcher(route(account(a, rate(0.001), OVERFLOWS), unlimited(b)));

        pollAndSettle(dispatcher);
        pollAndSettle(dispatcher);

        assertThat(a.taken()).hasSize(1);
        assertThat(b.taken()).hasSize(2);
    }

    @Test
    void elseItWaitsInTheQueue() throws InterruptedException {
        accept(3);
        Dispatcher dispatcher = dispatcher(route(account(a, rate(0.001), WAITS), unlimited(b)));

        pollAndSettle(dispatcher);
        pollAndSettle(dispatcher);

        assertThat(a.taken()).hasSize(1);
        assertThat(b.taken()).isEmpty();
        assertThat(outboxRows("state = 'READY' and attempt_count = 0")).isEqualTo(2);
    }

    @Test
    void theRateCountsRecipients() throws InterruptedException {
        acceptTo(30);
        acceptTo(1);
        Dispatcher dispatcher = dispatcher(route(account(a, rate(10), WAITS)), 1);

        pollAndSettle(dispatcher);
        assertThat(a.taken()).hasSize(1);

        pollAndSettle(dispatcher);
        assertThat(a.taken())
                .as("29 recipients are a debt of nearly two seconds")
                .hasSize(1);

        pass(Duration.ofSeconds(2));
        pollAndSettle(dispatcher);
        assertThat(a.taken()).hasSize(2);
    }

    @Test
    void noMoreIsClaimedThanTheAccountMayHaveInFlight() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger inFlight = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        EmailSender slow = email -> {
            most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
            awaitLatch(release);
            inFlight.decrementAndGet();
            return a.send(email);
        };
        accept(5);
        Dispatcher dispatcher = dispatcher(route(account(slow, concurrency(2), OVERFLOWS), unlimited(b)));

        dispatcher.poll();
        assertThat(dispatcher.poll()).as("before the next poll").isLessThan(Duration.ofSeconds(1));
        await().until(() -> inFlight.get() == 2);
        assertThat(outboxRows("state = 'PROCESSING'")).isEqualTo(2);
        assertThat(outboxRows("state = 'READY' and attempt_count = 0")).isEqualTo(3);

        release.countDown();
        await().until(() -> {
            dispatcher.poll();
            return a.taken().size() == 5;
        });
        assertThat(most).hasValue(2);
        assertThat(b.taken()).isEmpty();
    }

    @Test
    void anEndedMessageWakesTheDispatcher() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        accept(2);
        Dispatcher dispatcher = dispatcher(route(account(blocking(release, a), concurrency(1), WAITS)));
        dispatcher.poll();
        dispatcher.await(Duration.ofMillis(1));

        long begun = System.nanoTime();
        release.countDown();
        dispatcher.await(Duration.ofMinutes(1));

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
        pollAndSettle(dispatcher);
        assertThat(a.taken()).hasSize(2);
    }

    @Test
    void whereThereIsALimitNothingIsClaimedOnInsert() throws InterruptedException {
        Dispatcher limited = dispatcher(route(account(a, concurrency(100), WAITS)));
        pollAndSettle(limited);
        assertThat(limited.reserve(1)).isZero();

        Dispatcher unlimited = dispatcher(route(unlimited(a)));
        pollAndSettle(unlimited);
        assertThat(unlimited.reserve(1)).isEqualTo(1);
        unlimited.release(1);
    }

    @Test
    void whereTheQueueIsEmptyALimitMakesNoPollSooner() throws InterruptedException {
        Dispatcher dispatcher = dispatcher(route(account(a, concurrency(1), WAITS)));

        assertThat(dispatcher.poll()).isGreaterThan(Duration.ofSeconds(1));
    }

    @Test
    void failingOverDoesNotExceedTheNextOnesLimit() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        List<UUID> ids = accept(2);
        EmailSender refusing = new FailingEmailSender(new Outcome.Disconnected("CONNECT", "refused", null));
        Dispatcher dispatcher =
                dispatcher(route(unlimited(refusing), account(blocking(release, b), concurrency(1), WAITS)));

        dispatcher.poll();
        await().until(() -> ids.stream().anyMatch(it -> message(it).progress().status() == MessageStatus.RETRY));
        release.countDown();
        awaitSettled(dispatcher);

        assertThat(b.taken()).hasSize(1);

        clock.advance(Duration.ofHours(1));
        pollAndSettle(dispatcher);
        assertThat(b.taken()).as("its place is free again").hasSize(2);
    }

    private List<UUID> accept(int messages) {
        return IntStream.range(0, messages).mapToObj(_ -> accept()).toList();
    }

    private void acceptTo(int recipients) {
        List<String> to = IntStream.range(0, recipients)
                .mapToObj(it -> "user" + it + "@example.com")
                .toList();
        EmailContent content =
                new EmailContent(null, to, List.of(), List.of(), null, "A subject", "A text", null, Map.of());
        messages.accept(new NewMessage(new Sender(CLIENT, false, Set.of()), "email", content, Options.NONE, null));
    }

    private void pass(Duration time) {
        jdbc.sql("update rate_limit set spent_until = spent_until - :millis * interval '1 millisecond'")
                .param("millis", time.toMillis())
                .update();
    }

    private Dispatcher dispatcher(Providers providers, int permits) {
        return dispatcher(providers, permits, settlement(), queue);
    }

    private static Providers route(Account... accounts) {
        return new Providers(Map.of("email", List.of(accounts)), _ -> accounts[0].provider(), Set.of(), false);
    }

    private static Account unlimited(EmailSender sender) {
        return account(sender, ProviderSettings.unlimited("double"), WAITS);
    }

    private static ProviderSettings rate(double rate) {
        return new ProviderSettings("double", rate, null, false, List.of(), List.of());
    }

    private static ProviderSettings concurrency(int concurrency) {
        return new ProviderSettings("double", null, concurrency, false, List.of(), List.of());
    }

    /** Each has an id of its own, as rates outlast a test. */
    private static Account account(EmailSender sender, ProviderSettings limits, boolean overflow) {
        ProviderSettings settings =
                new ProviderSettings("double", limits.rate(), limits.concurrency(), overflow, List.of(), List.of());
        return Account.of(UUID.randomUUID().toString().replace("-", ""), settings, new EmailProvider(sender));
    }
}
