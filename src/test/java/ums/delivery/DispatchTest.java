package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;
import ums.channel.email.NoopEmailSender;
import ums.message.Message;
import ums.message.MessageStatus;

/** The path of a message after the commit, poll by poll. */
class DispatchTest extends DispatchStory {

    @Test
    void aMessageIsClaimedSentAndSettled() throws Exception {
        NoopEmailSender provider = new NoopEmailSender();
        UUID id = accept();

        pollAndSettle(dispatcher(provider));

        Message sent = message(id);
        assertThat(sent.progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(sent.progress().attemptCount()).isEqualTo(1);
        assertThat(sent.progress().sentAt()).isNotNull();
        assertThat(provider.taken()).hasSize(1);
        assertThat(outboxRows("published")).isEqualTo(1);
    }

    @Test
    void whileItIsSentItIsProcessingAndNoTransactionIsOpen() throws Exception {
        CountDownLatch sending = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        NoopEmailSender provider = new NoopEmailSender();
        UUID id = accept();
        Dispatcher dispatcher = dispatcher(email -> {
            sending.countDown();
            awaitLatch(finish);
            return provider.send(email);
        });

        dispatcher.poll();
        sending.await();

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.PROCESSING);
        assertThat(message(id).progress().processingStartedAt()).isNotNull();
        assertThat(jdbc.sql("""
                        select count(*) from pg_stat_activity
                        where datname = current_database() and state like 'idle in transaction%'
                        """).query(Integer.class).single()).isZero();
        finish.countDown();
        awaitSettled(dispatcher);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void noMoreIsClaimedThanThereArePermits() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        NoopEmailSender provider = new NoopEmailSender();
        for (int i = 0; i < 5; i++) {
            accept();
        }
        Dispatcher dispatcher = dispatcher(blocking(finish, provider), 2);

        assertThat(dispatcher.poll()).isZero();

        assertThat(outboxRows("claim_token is not null")).isEqualTo(2);
        assertThat(dispatcher.inFlight()).isEqualTo(2);
        finish.countDown();
        pollAndSettle(dispatcher);
        pollAndSettle(dispatcher);
        pollAndSettle(dispatcher);
        assertThat(provider.taken()).hasSize(5);
    }

    @Test
    void aProcessWithoutALeaseClaimsAndSendsNothing() throws Exception {
        UUID id = accept();
        NoopEmailSender provider = new NoopEmailSender();
        Dispatcher dispatcher = dispatcher(provider);
        isLeaseValid = false;

        pollAndSettle(dispatcher);
        assertThat(outboxRows("claim_token is not null")).isZero();

        isLeaseValid = true;
        pollAndSettle(dispatcher);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void aScheduledMessageIsSentWhenItIsDueAndThePollReturnsTheWait() throws Exception {
        NoopEmailSender provider = new NoopEmailSender();
        Dispatcher dispatcher = dispatcher(provider);
        Instant at = clock.instant().plusSeconds(3).truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
        UUID id = acceptFor(at);

        assertThat(dispatcher.poll()).isBetween(Duration.ofMillis(2_990), Duration.ofSeconds(3));
        assertThat(provider.taken()).isEmpty();
        clock.set(at);
        pollAndSettle(dispatcher);

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void aClaimWhoseAnswerWasLostIsFoundAgain() throws Exception {
        UUID id = accept();
        NoopEmailSender provider = new NoopEmailSender();
        Dispatcher dispatcher = dispatcher(provider, 10, settlement(), new UnansweredQueue(queue));

        assertThatThrownBy(dispatcher::poll).isInstanceOf(QueryTimeoutException.class);
        pollAndSettle(dispatcher);

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(message(id).progress().attemptCount()).isEqualTo(1);
        assertThat(dispatcher.inFlight()).isZero();
    }

    @Test
    void anEntryWhoseMessageMustNotBeSentIsDropped() throws Exception {
        UUID id = accept();
        jdbc.sql("update message set status = 'CANCELED' where id = :id")
                .param("id", id)
                .update();
        NoopEmailSender provider = new NoopEmailSender();

        pollAndSettle(dispatcher(provider));

        assertThat(provider.taken()).isEmpty();
        assertThat(outboxRows("published")).isEqualTo(1);
        assertThat(events).contains(new ClaimLost("status"));
    }
}
