package ums.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import ums.QueueStory;
import ums.retention.RetentionProperties;

/** An idempotency key is kept for 30 days, even if its message is removed sooner. */
class MovedKeysTest extends QueueStory {

    private static final byte[] HASH = "what was asked for".getBytes();
    private static final RetentionProperties A_WEEK =
            new RetentionProperties(Duration.ofDays(7), Duration.ofDays(7), Duration.ofDays(365));

    @Autowired
    RetentionRepository ledger;

    private MessageRetention retention;

    @BeforeEach
    void keepMessagesForAWeek() {
        retention = new MessageRetention(ledger, A_WEEK);
    }

    @Test
    void aRepeatedRequestIsAReplayThoughItsMessageIsRemoved() {
        Accepted first = messages.accept(request("order-42", HASH));
        remove(first);

        Accepted repeated = messages.accept(request("order-42", HASH));

        assertThat(repeated).isEqualTo(new Accepted(first.id(), first.createdAt(), true));
        assertThat(messages.acceptAll(List.of(request("order-42", HASH)))).containsExactly(repeated);
        assertThatThrownBy(() -> messages.accept(request("order-42", "something else".getBytes())))
                .isInstanceOf(IdempotencyKeyReusedException.class);
        assertThat(messages.accept(new NewMessage(
                                new Sender(CLIENT, true, Set.of()),
                                "email",
                                content("kim@example.com"),
                                Options.NONE,
                                new Idempotency("order-42", HASH)))
                        .replayed())
                .isFalse();
    }

    @Test
    void aKeyIsRemovedAfterThirtyDays() {
        Accepted first = messages.accept(request("order-42", HASH));
        remove(first);
        clock.advance(Duration.ofDays(23));

        retention.removeOld(clock.instant());

        assertThat(messages.accept(request("order-42", HASH)).id()).isNotEqualTo(first.id());
        assertThat(keyCount()).isZero();
    }

    @Test
    void manyKeysAreCopiedAndRemovedInSteps() {
        for (int i = 0; i < 1_200; i++) {
            messages.accept(request("order-" + i, HASH));
        }
        jdbc.sql("update message set status = 'SENT'").update();
        jdbc.sql("update outbox set state = 'DONE', published_at = created_at").update();
        clock.advance(Duration.ofDays(8));
        retention.removeOld(clock.instant());
        assertThat(keyCount()).isEqualTo(1_200);
        assertThat(messageCount()).isZero();

        clock.advance(Duration.ofDays(23));
        retention.removeOld(clock.instant());

        assertThat(keyCount()).isZero();
    }

    /** The repeat's snapshot is older than the key's copy, and it reads the index of message keys after the message was removed. */
    @Test
    void aRepeatThatRunsWhileTheKeyIsCopiedMakesNoSecondMessage() {
        Accepted first = messages.accept(request("b", HASH));
        ended(first.id());
        clock.advance(Duration.ofDays(8));

        Future<List<Acceptance>> repeat;
        try (ExecutorService sessions = Executors.newVirtualThreadPerTaskExecutor()) {
            repeat = transaction.execute(inTheWay -> {
                messages.accept(request("a", HASH));
                inTheWay.setRollbackOnly();
                Future<List<Acceptance>> waits =
                        sessions.submit(() -> messages.acceptAll(List.of(request("a", HASH), request("b", HASH))));
                await().until(() ->
                        jdbc.sql("select count(*) from pg_locks where locktype = 'transactionid' and not granted")
                                        .query(Integer.class)
                                        .single()
                                == 1);
                joined(sessions.submit(() -> retention.removeOld(clock.instant())));
                return waits;
            });
        }

        Acceptance repeated = repeat.resultNow().getLast();
        assertThat(repeated).isEqualTo(new Accepted(first.id(), first.createdAt(), true));
        assertThat(messageCount()).isEqualTo(2);
        retention.removeOld(clock.instant());
        assertThat(messages.find(OWNER, first.id())).isEmpty();
        assertThat(messages.accept(request("b", HASH)).id()).isEqualTo(first.id());
    }

    private static void joined(Future<?> session) {
        try {
            session.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static NewMessage request(String key, byte[] hash) {
        return new NewMessage(
                new Sender(CLIENT, false, Set.of()),
                "email",
                content("kim@example.com"),
                Options.NONE,
                new Idempotency(key, hash));
    }

    private void remove(Accepted message) {
        ended(message.id());
        clock.advance(Duration.ofDays(8));
        retention.removeOld(clock.instant());
        assertThat(messages.find(OWNER, message.id())).isEmpty();
    }

    private void ended(UUID id) {
        jdbc.sql("update message set status = 'SENT', updated_at = created_at where id = :id")
                .param("id", id)
                .update();
        jdbc.sql("update outbox set state = 'DONE', published_at = created_at where aggregate_id = :id")
                .param("id", id)
                .update();
    }

    private int messageCount() {
        return jdbc.sql("select count(*) from message").query(Integer.class).single();
    }

    private int keyCount() {
        return jdbc.sql("select count(*) from idempotency_key")
                .query(Integer.class)
                .single();
    }
}
