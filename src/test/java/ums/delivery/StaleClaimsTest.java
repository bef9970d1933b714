package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import ums.channel.ErrorType;
import ums.channel.email.FailingEmailSender;
import ums.channel.email.NoopEmailSender;
import ums.message.MessageEvents.LateSuccess;
import ums.message.MessageStatus;
import ums.message.TimelineEvent;
import ums.provider.Outcome;
import ums.provider.Reply;
import ums.queue.Orphans;

/** Claims of dead and stuck owners are rescued, and a late result of such an owner is dropped, unless the message is sent. */
class StaleClaimsTest extends DispatchStory {

    @Test
    void aStaleClaimIsSentAgainAndItsFirstOwnersResultIsDropped() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        Outcome tooLate = new Outcome.Rejected("DATA", new Reply(550, "too late"));
        Dispatcher stuck = dispatcher(blocking(finish, new FailingEmailSender(tooLate)));
        UUID id = accept();
        stuck.poll();

        assertThat(staleClaims().rescue(Orphans.ALL)).isEqualTo(1);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.RETRY);
        pollAndSettle(dispatcher(new NoopEmailSender()));
        finish.countDown();
        awaitSettled(stuck);

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(message(id).progress().attemptCount()).isEqualTo(2);
        assertThat(events).contains(new ClaimLost("lost"));
        assertThat(messages.events(OWNER, id).orElseThrow())
                .extracting(TimelineEvent::type)
                .containsExactly("accepted", "reclaimed", "sent");
    }

    @Test
    void aDeadOwnersMessageInDoubtIsReviewedAndOneNotInDoubtIsReleasedWithoutAnAttempt() throws Exception {
        CountDownLatch dies = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        UUID sending = acceptForReview();
        UUID waiting = acceptForReview();
        Dispatcher dying = dispatcher(email -> {
            if (email.bytes().length > 0 && new String(email.bytes()).contains(sending.toString())) {
                email.commit().getAsBoolean();
                asked.countDown();
            }
            awaitLatch(dies);
            return new FailingEmailSender(new Outcome.CalledOff("dead")).send(email);
        });
        dying.poll();
        asked.await();

        assertThat(staleClaims().rescue(Orphans.ALL)).isEqualTo(2);

        assertThat(message(sending).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
        assertThat(message(sending).progress().lastError().type()).isEqualTo(ErrorType.UNKNOWN_OUTCOME);
        assertThat(message(sending).recipients())
                .extracting(it -> it.status().name())
                .containsExactly("UNKNOWN");
        assertThat(message(waiting).progress().status()).isEqualTo(MessageStatus.RETRY);
        assertThat(message(waiting).progress().attemptCount()).isZero();
        dies.countDown();
        awaitSettled(dying);
        assertThat(message(sending).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
    }

    @Test
    void anOwnerThatLostItsClaimWritesNoFinalDot() throws Exception {
        UUID id = acceptForReview();
        CountDownLatch go = new CountDownLatch(1);
        boolean[] finished = {true};
        Dispatcher stopped = dispatcher(email -> {
            awaitLatch(go);
            finished[0] = email.commit().getAsBoolean();
            return new FailingEmailSender(new Outcome.CalledOff("too late")).send(email);
        });
        stopped.poll();
        staleClaims().rescue(Orphans.ALL);

        go.countDown();
        awaitSettled(stopped);

        assertThat(finished[0]).isFalse();
        pollAndSettle(dispatcher(new NoopEmailSender()));
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void aLateSuccessEndsAMessageInReview() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        NoopEmailSender provider = new NoopEmailSender();
        UUID reviewed = acceptForReview();
        Dispatcher slow = dispatcher(email -> {
            email.commit().getAsBoolean();
            awaitLatch(finish);
            return provider.send(email);
        });
        slow.poll();
        await().until(() -> outboxRows("in_doubt") == 1);
        staleClaims().rescue(Orphans.ALL);
        assertThat(message(reviewed).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);

        finish.countDown();
        awaitSettled(slow);

        assertThat(message(reviewed).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(events)
                .filteredOn(LateSuccess.class::isInstance)
                .extracting(it -> ((LateSuccess) it).id())
                .contains(reviewed);
    }

    @Test
    void aLateSuccessWithdrawsTheNextAttempt() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        NoopEmailSender provider = new NoopEmailSender();
        UUID id = accept();
        Dispatcher slow = dispatcher(blocking(finish, provider));
        slow.poll();
        staleClaims().rescue(Orphans.ALL);

        finish.countDown();
        awaitSettled(slow);

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(outboxRows("not published")).isZero();
    }
}
