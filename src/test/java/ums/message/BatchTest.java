package ums.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.TransactionException;
import ums.QueueStory;
import ums.channel.InvalidContentException;

class BatchTest extends QueueStory {

    @AfterEach
    void removeTheFault() {
        jdbc.sql("drop trigger if exists fault on message_content").update();
    }

    @Test
    void validMessagesAreAcceptedAndEachInvalidOneHasItsReason() {
        List<Acceptance> answers = messages.acceptAll(List.of(
                message("a@example.com", "one"),
                message("nobody", null),
                message("a@example.com", "one"),
                message("b@example.com", "one"),
                new NewMessage(
                        new Sender(CLIENT, false, Set.of("other@example.com")),
                        "email",
                        content("a@example.com"),
                        Options.NONE,
                        null)));

        Accepted first = (Accepted) answers.getFirst();
        assertThat(first.replayed()).isFalse();
        assertThat(reason(answers.get(1))).isInstanceOf(InvalidContentException.class);
        assertThat(answers.get(2)).isEqualTo(new Accepted(first.id(), first.createdAt(), true));
        assertThat(reason(answers.get(3))).isInstanceOf(IdempotencyKeyReusedException.class);
        assertThat(reason(answers.get(4))).isInstanceOf(SenderNotAllowedException.class);
        assertThat(outboxRows("not published")).isEqualTo(1);
    }

    @Test
    void aRowThatTheDatabaseRefusesDoesNotFailTheOthers() {
        fault("raise exception 'a bad row' using errcode = '22000'");
        List<NewMessage> batch = new ArrayList<>(IntStream.range(0, 150)
                .mapToObj(_ -> message("a@example.com", null))
                .toList());
        batch.set(37, message("bad@example.com", null));

        List<Acceptance> answers = messages.acceptAll(batch);

        assertThat(answers)
                .hasSize(150)
                .filteredOn(it -> it instanceof Accepted)
                .hasSize(149);
        assertThat(reason(answers.get(37)))
                .isInstanceOf(DataIntegrityViolationException.class)
                .hasStackTraceContaining("a bad row");
        assertThat(Throwables.getStackTrace(reason(answers.get(37)))).doesNotContain("bad@example.com", "A subject");
        assertThat(outboxRows("not published")).isEqualTo(149);
    }

    @Test
    void aDatabaseFaultIsThrownAndNoStatementIsRepeated() {
        fault("raise exception 'shutting down' using errcode = '57P01'");
        List<NewMessage> batch = new ArrayList<>(IntStream.range(0, 1_000)
                .mapToObj(i -> message("a@example.com", "key-" + i))
                .toList());
        batch.set(700, message("bad@example.com", "key-700"));

        assertThatThrownBy(() -> messages.acceptAll(batch))
                .isInstanceOfAny(DataAccessException.class, TransactionException.class);
        assertThat(outboxRows("true")).isEqualTo(500);
        removeTheFault();

        List<Acceptance> again = messages.acceptAll(batch);
        assertThat(again.subList(0, 500)).allMatch(it -> it instanceof Accepted accepted && accepted.replayed());
        assertThat(again.subList(500, 1_000)).allMatch(it -> it instanceof Accepted accepted && !accepted.replayed());
        assertThat(outboxRows("true")).isEqualTo(1_000);
    }

    @Test
    void batchesWithTheSameKeysInOppositeSequencesAcceptEachKeyOnce() throws Exception {
        List<NewMessage> forwards = IntStream.range(0, 300)
                .mapToObj(i -> message("a@example.com", "key-" + i))
                .toList();
        List<NewMessage> backwards = new ArrayList<>(forwards);
        Collections.reverse(backwards);

        List<Acceptance> answers = new ArrayList<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
            List<Callable<List<Acceptance>>> calls = IntStream.range(0, 4)
                    .<Callable<List<Acceptance>>>mapToObj(
                            i -> () -> messages.acceptAll(i % 2 == 0 ? forwards : backwards))
                    .toList();
            for (Future<List<Acceptance>> call : callers.invokeAll(calls)) {
                answers.addAll(call.get());
            }
        }

        assertThat(answers).hasSize(1_200).allMatch(it -> it instanceof Accepted);
        assertThat(answers)
                .filteredOn(it -> it instanceof Accepted accepted && !accepted.replayed())
                .hasSize(300);
        assertThat(outboxRows("true")).isEqualTo(300);
    }

    @Test
    void aBatchIsRefusedInsideATransaction() {
        assertThatThrownBy(() -> transaction.execute(_ -> messages.acceptAll(List.of())))
                .isInstanceOf(IllegalTransactionStateException.class);
    }

    private static RuntimeException reason(Acceptance answer) {
        return ((Refused) answer).reason();
    }

    private static NewMessage message(String to, String key) {
        return new NewMessage(
                new Sender(CLIENT, false, Set.of()),
                "email",
                content(to),
                new Options(null, Map.of(), Purpose.NORMAL, Options.NONE.priority(), null, null, null),
                key == null ? null : new Idempotency(key, to.getBytes()));
    }

    /** What the database does with content that names bad@example.com. */
    private void fault(String action) {
        jdbc.sql("""
                create or replace function fault() returns trigger language plpgsql as
                $$ begin if new.summary like '%%bad@example.com%%' then %s; end if; return new; end $$
                """.formatted(action)).update();
        jdbc.sql("create trigger fault before insert on message_content for each row execute function fault()")
                .update();
    }
}
