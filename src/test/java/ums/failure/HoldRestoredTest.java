package ums.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import ums.QueueStory;
import ums.message.MessageStatus;

/** ops/hold-restored.sql, which an operator runs after a restore. */
class HoldRestoredTest extends QueueStory {

    @Test
    void attemptedEntriesAreMovedToReviewAndTheOthersStillWait() throws Exception {
        jdbc.sql("truncate send_failure").update();
        UUID waiting = accept();
        UUID tried = accept();
        jdbc.sql(
                        "update outbox set state = 'DELAYED', attempt_count = 1, next_attempt_at = now() where aggregate_id = :id")
                .param("id", tried)
                .update();
        jdbc.sql("update message set status = 'RETRY', attempt_count = 1 where id = :id")
                .param("id", tried)
                .update();
        UUID claimed = accept();
        jdbc.sql("""
                        update outbox
                        set state = 'PROCESSING', attempt_count = 1, processing_started_at = now(),
                            claim_token = gen_random_uuid()
                        where aggregate_id = :id
                        """).param("id", claimed).update();

        jdbc.sql(Files.readString(Path.of("ops/hold-restored.sql"))).update();

        assertThat(message(waiting).progress().status()).isEqualTo(MessageStatus.ACCEPTED);
        assertThat(message(tried).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
        assertThat(message(claimed).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
        assertThat(message(claimed).progress().lastError().text()).isEqualTo("held after a restore");
        assertThat(messages.events(OWNER, claimed).orElseThrow().getLast().type())
                .isEqualTo("review");
        assertThat(outboxRows("not published")).isEqualTo(1);
        assertThat(jdbc.sql("select message_id from send_failure where not handled")
                        .query(UUID.class)
                        .list())
                .containsExactlyInAnyOrder(tried, claimed);
    }
}
