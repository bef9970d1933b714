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

/** A shortage of memory for a moment ends no thread and loses no permit. */
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
                    throw new OutOfMemoryError("once");
                }
                return claims;
            }
        };
        UUID id = accept();
        Dispatcher dispatcher = dispatcher(provider, 2, settlement(), faulty);
        DispatchLoop loop = new DispatchLoop(dispatcher, () -> {
            throw new OutOfMemoryError("in the first rescue, too");
        });

        loop.start();

        await().until(() -> message(id).progress().status() == MessageStatus.SENT);
        awaitSettled(dispatcher);
        assertThat(loop.isGone()).isFalse();
        loop.stop();
    }

    @Test
    void anAttemptThatThrowsReleasesItsPermitAndItsBulkhead() throws Exception {
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

        pollAndSettle(dispatcher);
        pollAndSettle(dispatcher);
        UUID third = accept();
        pollAndSettle(dispatcher);

        assertThat(message(third).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(dispatcher.inFlight()).isZero();
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
                        throw new OutOfMemoryError("once");
                    }
                    throw new SQLException("not yet");
                },
                Duration.ofMillis(50),
                clocks,
                new ClockSkew(clocks));

        heartbeat.start();

        await().until(() -> opened.get() > 3);
        assertThat(heartbeat.isGone()).isFalse();
        heartbeat.stop();
    }

    @Test
    void theListenerGoesOn() {
        AtomicInteger opened = new AtomicInteger();
        QueueListener listener = new QueueListener(
                () -> {
                    if (opened.incrementAndGet() == 1) {
                        throw new OutOfMemoryError("once");
                    }
                    throw new SQLException("not yet");
                },
                () -> {});

        listener.start();

        await().until(() -> opened.get() > 1);
        assertThat(listener.isGone()).isFalse();
        listener.stop();
    }
}
