package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import ums.channel.email.FailingEmailSender;
import ums.channel.email.NoopEmailSender;
import ums.message.Expiry;
import ums.message.MessageStatus;
import ums.message.TimelineEvent;
import ums.provider.Outcome;
import ums.provider.Reply;

/** An expired message is neither sent nor planned. */
class DispatchExpiryTest extends DispatchStory {

    @Autowired
    Expiry expiry;

    @Test
    void anExpiredMessageIsNeverSent() throws Exception {
        NoopEmailSender provider = new NoopEmailSender();
        Instant at = clock.instant().plusSeconds(3).truncatedTo(ChronoUnit.MILLIS);
        UUID id = acceptUntil(at);
        clock.set(at);

        pollAndSettle(dispatcher(provider));
        assertThat(provider.taken()).isEmpty();
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.ACCEPTED);

        expiry.run();
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.EXPIRED);
    }

    @Test
    void noAttemptIsPlannedAfterTheExpiryAndNoneIsCountedForIt() throws Exception {
        Instant at = clock.instant().plusSeconds(5).truncatedTo(ChronoUnit.MILLIS);
        FailingEmailSender provider =
                new FailingEmailSender(new Outcome.Deferred("RCPT", new Reply(451, "4.7.1 Greylisted")));
        Dispatcher dispatcher = dispatcher(provider);
        UUID deferred = acceptUntil(at);
        pollAndSettle(dispatcher);
        assertThat(message(deferred).progress().status()).isEqualTo(MessageStatus.RETRY);
        assertThat(message(deferred).progress().nextAttemptAt()).isEqualTo(at);

        provider.failWith(new Outcome.CalledOff("not now"));
        UUID released = acceptUntil(at);
        pollAndSettle(dispatcher);
        assertThat(message(released).progress().nextAttemptAt()).isEqualTo(at);

        clock.set(at);
        pollAndSettle(dispatcher);
        expiry.run();
        assertThat(provider.attempts()).isEqualTo(2);
        assertThat(message(deferred).progress().status()).isEqualTo(MessageStatus.EXPIRED);
        assertThat(message(deferred).progress().attemptCount()).isEqualTo(1);
        assertThat(message(released).progress().status()).isEqualTo(MessageStatus.EXPIRED);
        assertThat(message(released).progress().attemptCount()).isZero();
        assertThat(messages.events(OWNER, deferred).orElseThrow())
                .extracting(TimelineEvent::type)
                .containsExactly("accepted", "deferred", "expired");
    }
}
