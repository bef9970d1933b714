package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;
import ums.channel.email.NoopEmailSender;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageEvents.AttemptsSettled;
import ums.message.MessageEvents.LateSuccess;
import ums.message.MessageStatus;
import ums.message.SettlementStep;

/** The transaction that settles attempts: queue, ledger, and each step; observers are notified after the commit. */
class SettlementTest extends DispatchStory {

    @Test
    void failuresAreWrittenBeforeContacts() {
        assertThat(steps)
                .extracting(it -> it.getClass().getSimpleName())
                .containsExactly("FailureRecorder", "ContactRecorder");
    }

    @Test
    void aStepThatThrowsRollsBackQueueAndLedgerAndIsRunAgain() throws Exception {
        List<MessageStatus> statuses = new ArrayList<>();
        UUID id = accept();
        steps = List.of(new SettlementStep() {
            @Override
            public void onSettled(List<AttemptSettled> attempts) {
                statuses.add(messages.find(OWNER, id).orElseThrow().progress().status());
                if (statuses.size() == 1) {
                    throw new QueryTimeoutException("the database is away");
                }
            }

            @Override
            public void onLateSuccess(LateSuccess late) {}
        });

        pollAndSettle(dispatcher(new NoopEmailSender()));

        assertThat(statuses).containsExactly(MessageStatus.SENT, MessageStatus.SENT);
        assertThat(events).filteredOn(AttemptsSettled.class::isInstance).hasSize(1);
        assertThat(message(id).progress().attemptCount()).isEqualTo(1);
    }

    @Test
    void aSettlementWhoseAnswerWasLostIsNoLostClaim() throws Exception {
        UUID id = accept();
        TransactionOperations answersGetLost = firstAnswerGetsLost();

        pollAndSettle(dispatcher(new NoopEmailSender(), 10, settlement(answersGetLost)));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(events).doesNotContain(new ClaimLost("lost"));
        assertThat(messages.events(OWNER, id).orElseThrow()).hasSize(2);
    }

    @Test
    void aKnownOutcomeIsKeptUntilTheDatabaseTakesIt() throws Exception {
        UUID id = accept();
        NoopEmailSender provider = new NoopEmailSender();
        int[] faults = {3};
        TransactionOperations faulty = new TransactionOperations() {
            @Override
            public <T> T execute(TransactionCallback<T> action) {
                if (faults[0]-- > 0) {
                    throw new QueryTimeoutException("the database is away");
                }
                return transaction.execute(action);
            }
        };

        pollAndSettle(dispatcher(provider, 10, settlement(faulty)));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(provider.taken()).hasSize(1);
    }

    /** Commits, and its first answer is lost. */
    private TransactionOperations firstAnswerGetsLost() {
        AtomicBoolean lost = new AtomicBoolean();
        return new TransactionOperations() {
            @Override
            public <T> T execute(TransactionCallback<T> action) {
                T result = transaction.execute(action);
                if (lost.compareAndSet(false, true)) {
                    throw new QueryTimeoutException("committed, and the answer was lost");
                }
                return result;
            }
        };
    }
}
