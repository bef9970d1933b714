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
import org.springframework.context.ApplicationEventPublisher;
import ums.QueueStory;
import ums.channel.email.EmailChannel;
import ums.channel.email.EmailSender;
import ums.channel.email.NoopEmailSender;
import ums.message.MessageRepository;
import ums.message.OnUnknown;
import ums.message.Options;
import ums.message.Purpose;
import ums.message.SendingRule;
import ums.message.TraceContext;
import ums.queue.Claimant;
import ums.queue.DueEntries;
import ums.queue.Queue;
import ums.queue.RateLimiter;

/** A story about the path of a message behind the commit, whose dispatchers the test makes and turns. */
abstract class DispatchStory extends QueueStory {

    private static final Duration POLL_INTERVAL = Duration.ofSeconds(5);
    private static final RetryProperties RETRY = new RetryProperties(3, Duration.ofSeconds(10), 3, Duration.ofHours(6));

    @Autowired
    Queue outbox;

    @Autowired
    RateLimiter pace;

    @Autowired
    MessageRepository repository;

    @Autowired
    ApplicationEventPublisher publisher;

    /** Those of the dispatcher that was made last. */
    Claims claims;

    /** What large contents may take. */
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
        return dispatcher(provider, permits, new Settlement(outbox, repository, transaction, events::add, clock));
    }

    Dispatcher dispatcher(EmailSender provider, int permits, Settlement settlement) {
        return dispatcher(provider, permits, settlement, outbox);
    }

    Dispatcher dispatcher(EmailSender provider, int permits, Settlement settlement, Queue queue) {
        ClaimSource source = new QueueClaims(queue, new DueEntries(queue, () -> clockAgrees), POLL_INTERVAL);
        claims = new Claims(
                queue, source, repository, events::add, () -> () -> isLeaseValid, new Claimant("a test", false));
        Dispatcher dispatcher = new Dispatcher(
                claims,
                source,
                processor(provider, settlement),
                pace,
                new BodyBudget(memory, System::nanoTime),
                clock,
                new DispatchProperties(permits, POLL_INTERVAL, Duration.ofMinutes(2), Duration.ofSeconds(15)));
        dispatchers.add(dispatcher);
        return dispatcher;
    }

    StaleClaims staleClaims() {
        return new StaleClaims(
                outbox,
                repository,
                processor(new NoopEmailSender(), new Settlement(outbox, repository, transaction, events::add, clock)),
                transaction,
                events::add);
    }

    AttemptExecutor processor(EmailSender provider, Settlement settlement) {
        return new AttemptExecutor(
                Map.of("email", new EmailChannel(null, null, provider, provider)),
                OnUnknown.RETRY,
                new RetryPolicy(RETRY, () -> 0.5),
                settlement,
                outbox,
                TraceContext.NONE,
                DispatchStory::unlessStopped,
                clock,
                rules());
    }

    /** Who is asked before a message of a purpose is sent. */
    Map<Purpose, SendingRule> rules() {
        return Map.of();
    }

    /** What can never be settled ends with its story. */
    private static void unlessStopped() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    static void turn(Dispatcher dispatcher) throws InterruptedException {
        dispatcher.poll();
        settled(dispatcher);
    }

    static void settled(Dispatcher dispatcher) {
        await().until(() -> dispatcher.inFlight() == 0);
    }

    static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
