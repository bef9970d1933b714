package ums.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.uuid.Generators;
import java.sql.Types;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import ums.QueueStory;
import ums.retention.Retention;

class RetentionTest extends QueueStory {

    @Autowired
    Retention retention;

    @Test
    void oldMessagesAreRemovedUnlessTheyAreOpen() {
        UUID done = ended(accept());
        UUID open = accept();
        clock.advance(Duration.ofDays(91));
        UUID justDone = ended(accept());

        retention.run();

        assertThat(messages.find(OWNER, done)).isEmpty();
        assertThat(messages.find(OWNER, open)).isPresent();
        assertThat(messages.find(OWNER, justDone)).isPresent();
        assertThat(jdbc.sql("select count(*) from message_content")
                        .query(Integer.class)
                        .single())
                .isEqualTo(2);
        assertThat(outboxRows("published")).isEqualTo(1);
        assertThat(outboxRows("not published")).isEqualTo(1);
    }

    @Test
    void doneEntriesAreRemovedLongBeforeTheirMessages() {
        UUID done = ended(accept());
        clock.advance(Duration.ofDays(8));

        retention.run();

        assertThat(outboxRows("true")).isZero();
        assertThat(messages.find(OWNER, done)).isPresent();
    }

    @Test
    void manyMessagesAreRemovedInSteps() {
        IntStream.range(0, 1_200).forEach(_ -> accept());
        jdbc.sql("update message set status = 'SENT'").update();
        jdbc.sql("update outbox set state = 'DONE', published_at = created_at").update();
        UUID open = accept();
        clock.advance(Duration.ofDays(100));

        retention.run();

        assertThat(jdbc.sql("select id from message").query(UUID.class).list()).containsExactly(open);
        assertThat(outboxRows("true")).isEqualTo(1);
    }

    @Test
    void theAuditLogAndTheKeysItNamesAreKeptForAYear() {
        jdbc.sql("""
                        insert into audit_entry (id, at, who, action, target)
                        select uuidv7(- n * interval '1 day'), now() - n * interval '1 day 1 minute', 'kim', 'test', 'retention:' || n
                        from generate_series(364, 1500) n
                        """).update();
        jdbc.sql("""
                        insert into api_key (id, client, name, mode, key_hash, created_at, expires_at, revoked_at)
                        values (gen_random_uuid(), 'old', 'expired long ago', 'live', 'a', now(), now() - interval '366 days', null),
                            (gen_random_uuid(), 'old', 'revoked long ago', 'live', 'b', now(), null, now() - interval '366 days'),
                            (gen_random_uuid(), 'old', 'revoked', 'live', 'c', now(), null, now() - interval '364 days'),
                            (gen_random_uuid(), 'old', 'in force', 'live', 'd', now(), null, null),
                            (gen_random_uuid(), 'old', 'sandbox.env', 'live', 'e', now(), null, now() - interval '366 days')
                        """).update();

        retention.run();

        assertThat(jdbc.sql("select target from audit_entry where target like 'retention:%'")
                        .query(String.class)
                        .list())
                .containsExactlyInAnyOrder("retention:364");
        assertThat(jdbc.sql("select name from api_key where client = 'old' order by name")
                        .query(String.class)
                        .list())
                .containsExactly("in force", "revoked", "sandbox.env");
        jdbc.sql("delete from api_key where client = 'old'").update();
    }

    @Test
    void onlyRetentionRemovesAnAuditEntry() {
        jdbc.sql("""
                        insert into audit_entry (id, at, who, action, target)
                        values (uuidv7(- interval '40 days'), now() - interval '40 days', 'ums', 'test', 'append-only')
                        """).update();

        assertThatThrownBy(() -> jdbc.sql("delete from audit_entry where target = 'append-only'")
                        .update())
                .hasStackTraceContaining("append-only");
        assertThatThrownBy(() -> transaction.executeWithoutResult(_ -> {
                    jdbc.sql("set local ums.audit_retention = 'on'").update();
                    jdbc.sql("update audit_entry set who = 'nobody'").update();
                }))
                .hasStackTraceContaining("append-only");
    }

    @Test
    void eventsAreRemovedAfterKafkaWasSwitchedOff() {
        jdbc.sql("""
                        insert into message_event (message_id, status, at, attempt)
                        select gen_random_uuid(), 'SENT', now() - n * interval '1 day 1 minute', 1 from generate_series(6, 2500) n
                        """).update();

        retention.run();

        assertThat(jdbc.sql("select count(*) from message_event")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
        jdbc.sql("truncate message_event").update();
    }

    @Test
    void contactsThatNoRuleCountsAreRemovedInSteps() {
        UUID young = contact(Duration.ofDays(3), "3 days");
        UUID scheduled = contact(Duration.ofDays(30), "3 days");
        for (int i = 0; i < 1_200; i++) {
            contact(Duration.ofDays(8), "8 days");
        }
        contact(Duration.ofDays(30), null);

        retention.run();

        assertThat(jdbc.sql("select message_id from contact where client = 'retention'")
                        .query(UUID.class)
                        .list())
                .containsExactlyInAnyOrder(young, scheduled);
        jdbc.sql("delete from contact where client = 'retention'").update();
    }

    /** A contact of a message that was accepted so long ago, and counted so long ago. */
    private UUID contact(Duration accepted, @Nullable String counted) {
        UUID id = Generators.timeBasedEpochRandomGenerator()
                .construct(clock.instant().minus(accepted).toEpochMilli());
        jdbc.sql("""
                        insert into contact (message_id, client, test, reference, counted_at)
                        values (:id, 'retention', false, 'loan', now() - :counted::interval)
                        """).param("id", id).param("counted", counted, Types.VARCHAR).update();
        return id;
    }

    private UUID ended(UUID id) {
        jdbc.sql("update message set status = 'SENT', updated_at = created_at where id = :id")
                .param("id", id)
                .update();
        jdbc.sql("update outbox set state = 'DONE', published_at = created_at where aggregate_id = :id")
                .param("id", id)
                .update();
        return id;
    }
}
