package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;
import ums.channel.email.NoopEmailSender;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageEvents.AttemptsSettled;
import ums.message.MessageEvents.LateSuccess;
import ums.message.MessageStatus;
import ums.message.SettlementStep;

/** The transaction that settles attempts: queue, ledger, and each step; observers hear of it after the commit. */
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

        turn(dispatcher(new NoopEmailSender()));

        assertThat(statuses).containsExactly(MessageStatus.SENT, MessageStatus.SENT);
        assertThat(events).filteredOn(AttemptsSettled.class::isInstance).hasSize(1);
        assertThat(message(id).progress().attemptCount()).isEqualTo(1);
    }
}
