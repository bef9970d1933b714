package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import ums.channel.email.EmailSender;
import ums.channel.email.NoopEmailSender;
import ums.clock.ClockSkew;
import ums.clock.Clocks;
import ums.message.DirectClaims;
import ums.message.DirectClaims.Claimed;
import ums.message.MessageStatus;
import ums.message.NewMessage;
import ums.message.Options;
import ums.message.Sender;
import ums.queue.Claim;
import ums.queue.Claimant;

/**
 * An Error, as when stack or memory runs short for a moment, ends no thread and loses no permit. None here is an
 * OutOfMemoryError: JUnit gives up the whole run for one that reaches it.
 */
class ErrorsTest extends DispatchStory {

    private final NoopEmailSender provider = new NoopEmailSender();

    @Test
    void theDispatcherGoesOnAndFindsTheClaimThatItMade() throws Exception {
        AtomicBoolean thrown = new AtomicBoolean();
        UnansweredQueue faulty = new UnansweredQueue(queue) {
            @Override
            public List<Claim> claim(UUID token, Claimant by, int max) {
                List<Claim> claims = queue.claim(token, by, max);
                if (thrown.compareAndSet(false, true)) {
                    throw new StackOverflowError("once");
                }
                return claims;
            }
        };
        UUID id = accept();
        Dispatcher dispatcher = dispatcher(provider, 2, settlement(), faulty);
        DispatchLoop loop = new DispatchLoop(dispatcher, () -> {
            throw new StackOverflowError("in the first rescue, too");
        });

        try {
            loop.start();

            await().until(() -> message(id).progress().status() == MessageStatus.SENT);
            awaitSettled(dispatcher);
            assertThat(loop.isGone()).isFalse();
        } finally {
            loop.stop();
        }
    }

    @Test
    void anAttemptThatThrowsReleasesItsPermitAndItsBulkhead() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        AtomicInteger attempts = new AtomicInteger();
        EmailSender faulty = email -> {
            if (email.recipients().getFirst().address().endsWith("@example.org")) {
                awaitLatch(finish);
            } else if (attempts.incrementAndGet() <= 2) {
                throw new StackOverflowError("in an attempt");
            }
            return provider.send(email);
        };
        // Each bulkhead has one permit, as another is in use.
        Dispatcher dispatcher = dispatcher(faulty, 4);
        UUID other = acceptTo("kim@example.org");
        dispatcher.poll();
        assertThat(dispatcher.inFlight()).isEqualTo(1);

        for (int i = 0; i < 2; i++) {
            accept();
            dispatcher.poll();
            await().until(() -> dispatcher.inFlight() == 1);
        }
        assertThat(attempts).hasValue(2);
        UUID third = accept();
        dispatcher.poll();

        await().until(() -> message(third).progress().status() == MessageStatus.SENT);
        finish.countDown();
        awaitSettled(dispatcher);
        assertThat(message(other).progress().status()).isEqualTo(MessageStatus.SENT);
    }

    private UUID acceptTo(String address) {
        return messages.accept(new NewMessage(
                        new Sender(CLIENT, false, Set.of()), "email", content(address), Options.NONE, null))
                .id();
    }

    @Test
    void anAcceptanceThatThrowsAsksTheQueueForItsClaims() {
        AtomicInteger asked = new AtomicInteger();
        directly.set(_ -> new DirectClaims.Reservation() {
            @Override
            public int size() {
                return 1;
            }

            @Override
            public UUID token() {
                throw new NoClassDefFoundError("while it is written");
            }

            @Override
            public Claimant claimant() {
                return new Claimant("a test", false);
            }

            @Override
            public void begin(List<Claimed> claimed) {}

            @Override
            public void cancel() {}

            @Override
            public void unanswered() {
                asked.incrementAndGet();
            }
        });

        assertThatThrownBy(this::accept).isInstanceOf(NoClassDefFoundError.class);

        assertThat(asked).hasValue(1);
    }

    @Test
    void theHeartbeatGoesOn() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        Clocks clocks = Clocks.system();
        Heartbeat heartbeat = new Heartbeat(
                "ErrorsTest",
                () -> {
                    if (opened.incrementAndGet() == 2) {
                        throw new StackOverflowError("once");
                    }
                    throw new SQLException("not yet");
                },
                Duration.ofMillis(50),
                clocks,
                new ClockSkew(clocks));

        heartbeat.start();

        try {
            await().until(() -> opened.get() > 3);
            assertThat(heartbeat.isGone()).isFalse();
        } finally {
            heartbeat.stop();
        }
    }

    @Test
    void theListenerGoesOn() {
        AtomicInteger opened = new AtomicInteger();
        QueueListener listener = new QueueListener(
                () -> {
                    if (opened.incrementAndGet() == 1) {
                        throw new StackOverflowError("once");
                    }
                    throw new SQLException("not yet");
                },
                () -> {});

        listener.start();

        try {
            await().until(() -> opened.get() > 1);
            assertThat(listener.isGone()).isFalse();
        } finally {
            listener.stop();
        }
    }
}
