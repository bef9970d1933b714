package ums.delivery;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionOperations;
import ums.QueueStory;
import ums.channel.Channels;
import ums.channel.email.EmailChannel;
import ums.channel.email.EmailSender;
import ums.channel.email.NoopEmailSender;
import ums.message.MessageRepository;
import ums.message.OnUnknown;
import ums.message.Options;
import ums.message.Purpose;
import ums.message.SendingRule;
import ums.message.SettlementStep;
import ums.message.TraceContext;
import ums.provider.EmailProvider;
import ums.provider.Providers;
import ums.queue.Claimant;
import ums.queue.DueEntries;
import ums.queue.Queue;
import ums.queue.RateLimiter;

/** A story about the path of a message after the commit. The test makes the dispatchers and polls them. */
abstract class DispatchStory extends QueueStory {

    private static final Duration POLL_INTERVAL = Duration.ofSeconds(5);
    private static final RetryProperties RETRY = new RetryProperties(3, Duration.ofSeconds(10), 3, Duration.ofHours(6));

    @Autowired
    Queue queue;

    @Autowired
    RateLimiter rateLimiter;

    @Autowired
    MessageRepository repository;

    @Autowired
    List<SettlementStep> steps;

    /** The claims of the dispatcher that was made last. */
    Claims claims;

    /** How long an attempt may take. */
    Duration attemptTimeout = Duration.ofSeconds(90);

    /** The memory for large contents, in bytes. */
    long memory = 1_000_000_000;

    volatile boolean isLeaseValid = true;
    volatile boolean clockAgrees = true;
    final List<Object> events = Collections.synchronizedList(new ArrayList<>());
    private final List<Dispatcher> dispatchers = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        for (Dispatcher dispatcher : dispatchers) {
            dispatcher.drain(Duration.ofSeconds(5));
        }
    }

    UUID acceptForReview() {
        Options none = Options.NONE;
        return accept(new Options(null, Map.of(), none.purpose(), none.priority(), null, null, OnUnknown.REVIEW));
    }

    static Claimant claimant() {
        return new Claimant("a test", false);
    }

    Dispatcher dispatcher(EmailSender provider) {
        return dispatcher(provider, 10);
    }

    Dispatcher dispatcher(EmailSender provider, int permits) {
        return dispatcher(provider, permits, settlement());
    }

    Dispatcher dispatcher(EmailSender provider, int permits, Settlement settlement) {
        return dispatcher(provider, permits, settlement, queue);
    }

    Dispatcher dispatcher(EmailSender provider, int permits, Settlement settlement, Queue queue) {
        return dispatcher(EmailProvider.only(provider), permits, settlement, queue);
    }

    Dispatcher dispatcher(Providers providers) {
        return dispatcher(providers, 10, settlement(), queue);
    }

    Dispatcher dispatcher(Providers providers, int permits, Settlement settlement, Queue queue) {
        ClaimSource source = new QueueClaims(queue, new DueEntries(queue, () -> clockAgrees), POLL_INTERVAL);
        claims = new Claims(
                queue, source, repository, events::add, () -> () -> isLeaseValid, new Claimant("a test", false));
        Routes routes = routes(providers);
        AdmissionControl admission = new AdmissionControl(
                routes,
                new BodyBudget(memory, System::nanoTime),
                new Bulkheads(permits, System::nanoTime),
                claims,
                executor(routes, settlement),
                clock);
        Dispatcher dispatcher = new Dispatcher(
                claims,
                source,
                routes,
                admission,
                clock,
                new DispatchProperties(permits, POLL_INTERVAL, Duration.ofMinutes(2), Duration.ofSeconds(15)));
        dispatchers.add(dispatcher);
        return dispatcher;
    }

    StaleClaims staleClaims() {
        AttemptExecutor executor = executor(routes(EmailProvider.only(new NoopEmailSender())), settlement());
        return new StaleClaims(queue, repository, executor, transaction, events::add);
    }

    Settlement settlement() {
        return settlement(transaction);
    }

    Settlement settlement(TransactionOperations transaction) {
        return new Settlement(queue, repository, steps, transaction, events::add, clock);
    }

    private AttemptExecutor executor(Routes routes, Settlement settlement) {
        RetryPolicy policy = new RetryPolicy(RETRY, OnUnknown.RETRY, () -> 0.5);
        SendPermission permission = new SendPermission(rules(), policy, queue, clock);
        return new AttemptExecutor(
                permission, routes, policy, settlement, new DatabaseRetry(DispatchStory::unlessStopped), clock);
    }

    private Routes routes(Providers providers) {
        AccountLimits limits = new AccountLimits(rateLimiter);
        return new Routes(
                new Channels(List.of(new EmailChannel(null))),
                providers,
                limits,
                new Failover(providers, limits, queue, events::add),
                TraceContext.NONE,
                attemptTimeout);
    }

    /** The rules by purpose. */
    Map<Purpose, SendingRule> rules() {
        return Map.of();
    }

    /** What can never be settled ends with its story. */
    private static void unlessStopped() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Polls once, and waits until everything in flight is settled. */
    static void pollAndSettle(Dispatcher dispatcher) throws InterruptedException {
        dispatcher.poll();
        awaitSettled(dispatcher);
    }

    static void awaitSettled(Dispatcher dispatcher) {
        await().until(() -> dispatcher.inFlight() == 0);
    }

    /** A sender that waits for the latch first. */
    static EmailSender blocking(CountDownLatch latch, EmailSender sender) {
        return email -> {
            awaitLatch(latch);
            return sender.send(email);
        };
    }

    static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
