package ums.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import ums.QueueStory;
import ums.channel.InvalidContentException;

class AcceptTest extends QueueStory {

    @Test
    void aMessageAndItsEntryAreInsertedTogether() {
        UUID id = accept();

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.ACCEPTED);
        assertThat(message(id).content().view(false).get("from")).isEqualTo("UMS <ums@example.com>");
        assertThat(outboxRows("aggregate_id = '" + id + "' and not published")).isEqualTo(1);
    }

    @Test
    void insideACallersTransactionItIsCommittedWithIt() {
        UUID kept = transaction.execute(_ -> accept());
        UUID rolledBack = transaction.execute(status -> {
            status.setRollbackOnly();
            return accept();
        });

        assertThat(messages.find(OWNER, kept)).isPresent();
        assertThat(messages.find(OWNER, rolledBack)).isEmpty();
        assertThat(outboxRows("true")).isEqualTo(1);
    }

    @Test
    void anInvalidMessageStoresNothing() {
        NewMessage invalid =
                new NewMessage(new Sender(CLIENT, false, Set.of()), "email", content("nobody"), Options.NONE, null);

        assertThatThrownBy(() -> messages.accept(invalid)).isInstanceOf(InvalidContentException.class);

        assertThat(outboxRows("true")).isZero();
    }

    @Test
    void aScheduledMessageIsDelayedAndOneScheduledInThePastIsReady() {
        Instant tomorrow = clock.instant().plus(Duration.ofDays(1));
        UUID scheduled = acceptFor(tomorrow);
        UUID overdue = acceptFor(clock.instant().minusSeconds(60));

        assertThat(outboxRows("aggregate_id = '" + scheduled + "' and next_attempt_at is not null"))
                .isEqualTo(1);
        assertThat(outboxRows("aggregate_id = '" + overdue + "' and next_attempt_at is null"))
                .isEqualTo(1);
    }
}
