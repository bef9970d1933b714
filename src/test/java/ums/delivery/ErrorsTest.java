package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
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
import ums.queue.Claim;
import ums.queue.Claimant;

/**
 * An Error, as when stack or memory runs short for a moment, ends no thread and loses no permit. None here is an
 * OutOfMemoryError: JUnit gives up the whole run for one that reaches it.
 */
class ErrorsTest extends DispatchStory {

    private final NoopEmailSender provider = new NoopEmailSender();

    @Test
    void theDispatcherGoesOnAndFindsWhatItHadClaimed() throws Exception {
        AtomicBoolean thrown = new AtomicBoolean();
        UnansweredQueue queue = new UnansweredQueue(outbox) {
            @Override
            public List<Claim> claim(UUID token, Claimant by, int max) {
                List<Claim> claims = outbox.claim(token, by, max);
                if (thrown.compareAndSet(false, true)) {
                    throw new StackOverflowError("once");
                }
                return claims;
            }
        };
        UUID id = accept();
        Dispatcher dispatcher =
                dispatcher(provider, 2, new Settlement(outbox, repository, transaction, events::add, clock), queue);
        DispatchLoop loop = new DispatchLoop(dispatcher, () -> {
            throw new StackOverflowError("the first taking back, too");
        });

        try {
            loop.start();

            await().until(() -> message(id).progress().status() == MessageStatus.SENT);
            settled(dispatcher);
            assertThat(loop.isGone()).isFalse();
        } finally {
            loop.stop();
        }
    }

    @Test
    void anAttemptThatEndsSoHoldsNoPermitAndNoPlaceInItsLane() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        EmailSender faulty = email -> {
            if (attempts.incrementAndGet() <= 2) {
                throw new StackOverflowError("in an attempt");
            }
            return provider.send(email);
        };
        Dispatcher dispatcher = dispatcher(faulty, 1);
        accept();
        accept();

        turn(dispatcher);
        turn(dispatcher);
        UUID third = accept();
        turn(dispatcher);

        assertThat(message(third).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(dispatcher.inFlight()).isZero();
    }

    @Test
    void anAcceptanceThatEndsSoAsksTheQueueWhatItClaimed() {
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
    void theHeartGoesOnBeating() throws Exception {
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
    void theListenerGoesOnListening() {
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
