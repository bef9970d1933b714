package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.QueryTimeoutException;
import ums.channel.ErrorType;
import ums.channel.email.FailingEmailSender;
import ums.channel.email.NoopEmailSender;
import ums.message.Message;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageEvents.AttemptsSettled;
import ums.message.MessageQuery;
import ums.message.MessageSearch;
import ums.message.MessageStatus;
import ums.message.TimelineEvent;
import ums.provider.Outcome;
import ums.queue.Claim;
import ums.queue.ClaimResult;
import ums.queue.Orphans;

/** A row that another version wrote, or that is damaged, is reviewed, and does not affect others. */
class UnreadableRowTest extends DispatchStory {

    @Autowired
    MessageSearch search;

    private final NoopEmailSender provider = new NoopEmailSender();

    @Test
    void unreadableMessagesAreReviewedAndTheOthersAreSent() throws Exception {
        List<UUID> bad = new ArrayList<>();
        for (String content : List.of("{", "[]", "5", "", "{\"to\": \"kim@example.com\"}", "{}{", "{\"text\": 5}")) {
            bad.add(withContent(content));
        }
        for (String recipients : List.of("{}", "[]", "[5]", "{\"a\": []}", "null", "[{\"address\": null}]")) {
            bad.add(withRecipients(recipients));
        }
        bad.add(withRecipients("[{\"address\": \"a@example.com\", \"kind\": \"TO\", \"status\": \"LATER\"}]"));
        UUID good = accept();

        pollAndSettle(dispatcher(provider, 50));

        assertThat(message(good).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(provider.taken()).hasSize(1);
        assertThat(bad).allSatisfy(id -> {
            Message message = message(id);
            assertThat(message.progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
            assertThat(message.progress().lastError().type()).isEqualTo(ErrorType.INVALID);
            assertThat(message.progress().lastError().text()).contains("cannot be read");
            assertThat(messages.events(OWNER, id).orElseThrow().getLast().type())
                    .isEqualTo("review");
            assertThat(settled(id).toHandle().type()).isEqualTo(ErrorType.INVALID);
        });
        assertThat(outboxRows("published")).isEqualTo(bad.size() + 1);
    }

    @Test
    void anUnreadableColumnIsNotOverwritten() throws Exception {
        UUID id = withRecipients("{\"later\": [1, 2]}");

        pollAndSettle(dispatcher(provider));

        assertThat(column(id, "recipients")).isEqualTo("{\"later\": [1, 2]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "{}", "null", "[5]"})
    void anUnreadableTimelineDoesNotPreventTheSettlement(String timeline) throws Exception {
        UUID id = accept();
        jdbc.sql("update message set events = :timeline::jsonb")
                .param("timeline", timeline)
                .update();
        pollAndSettle(dispatcher(new FailingEmailSender(new Outcome.CalledOff("at no attempt"))));
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.RETRY);
        jdbc.sql("update message set events = :timeline::jsonb")
                .param("timeline", timeline)
                .update();
        clock.advance(Duration.ofMinutes(5));

        pollAndSettle(dispatcher(provider));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(jdbc.sql("select events -> -1 ->> 'type' from message")
                        .query(String.class)
                        .single())
                .isEqualTo("sent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "{}", "null"})
    void eventsAfterAnUnreadableTimelineAreShown(String timeline) throws Exception {
        UUID id = accept();
        jdbc.sql("update message set events = :timeline::jsonb")
                .param("timeline", timeline)
                .update();

        pollAndSettle(dispatcher(provider));

        assertThat(messages.events(OWNER, id).orElseThrow())
                .extracting(TimelineEvent::type)
                .containsExactly("accepted", "sent");
    }

    @Test
    void anUnknownStatusIsUnreadableToo() throws Exception {
        UUID id = accept();
        jdbc.sql("alter table message drop constraint message_status_check").update();
        jdbc.sql("update message set status = 'LATER'").update();

        pollAndSettle(dispatcher(provider));

        assertThat(provider.taken()).isEmpty();
        // An unknown status is shown as MANUAL_REVIEW too.
        assertThat(column(id, "status")).isEqualTo("MANUAL_REVIEW");
        assertThat(message(id).progress().lastError().type()).isEqualTo(ErrorType.INVALID);
    }

    @Test
    void anUnreadableLongContentIsFoundByItsOwnAttempt() throws Exception {
        UUID id = withContent("{\"text\": \"" + "x".repeat(100_000));

        pollAndSettle(dispatcher(provider));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
        assertThat(message(id).progress().lastError().type()).isEqualTo(ErrorType.INVALID);
    }

    @Test
    void anUnreadableClaimDoesNotPreventTheRescueOfOthers() {
        UUID bad = withRecipients("{}");
        UUID good = accept();
        queue.claim(UUID.randomUUID(), claimant(), 10);
        age(Duration.ofMinutes(3));

        assertThat(staleClaims().rescue(Orphans.ALL)).isEqualTo(2);

        assertThat(message(bad).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);
        assertThat(message(good).progress().status()).isEqualTo(MessageStatus.RETRY);
        assertThat(outboxRows("claim_token is not null")).isZero();
    }

    @Test
    void aListShowsItsReadableParts() throws Exception {
        UUID bad = withRecipients("{}");
        UUID good = accept();

        List<Message> listed = search.find(MessageQuery.of(OWNER), null, 10).messages();

        assertThat(listed).extracting(Message::id).containsExactly(good, bad);
        assertThat(listed.getLast().progress().lastError().type()).isEqualTo(ErrorType.INVALID);
        assertThat(listed.getLast().progress().status()).isEqualTo(MessageStatus.ACCEPTED);
    }

    @Test
    void aClaimWhoseAnswerStaysUnknownBlocksNoOther() throws Exception {
        UUID lost = accept();
        UUID beside = accept();
        jdbc.sql("delete from message where id = :id").param("id", lost).update();
        UnansweredQueue faulty = new UnansweredQueue(queue) {
            @Override
            public Set<Claim> settle(List<ClaimResult> results) {
                throw new QueryTimeoutException("the entry of a deleted message cannot be closed");
            }
        };
        Dispatcher dispatcher = dispatcher(provider, 10, settlement(), faulty);
        assertThatThrownBy(dispatcher::poll).isInstanceOf(QueryTimeoutException.class);
        UUID next = accept();

        await().until(() -> {
            dispatcher.poll();
            return sent(next) && sent(beside);
        });

        assertThat(dispatcher.isAnyUnanswered()).isTrue();
        assertThat(dispatcher.inFlight()).isEqualTo(1);
        dispatcher.release(1);
    }

    private boolean sent(UUID id) {
        return message(id).progress().status() == MessageStatus.SENT;
    }

    private UUID withContent(String content) {
        UUID id = accept();
        jdbc.sql("update message_content set content = :content where message_id = :id")
                .param("content", content)
                .param("id", id)
                .update();
        return id;
    }

    private UUID withRecipients(String recipients) {
        UUID id = accept();
        jdbc.sql("update message set recipients = :recipients::jsonb where id = :id")
                .param("recipients", recipients)
                .param("id", id)
                .update();
        return id;
    }

    private String column(UUID id, String name) {
        return jdbc.sql("select " + name + "::text from message where id = :id")
                .param("id", id)
                .query(String.class)
                .single();
    }

    private AttemptSettled settled(UUID id) {
        return events.stream()
                .filter(AttemptsSettled.class::isInstance)
                .flatMap(it -> ((AttemptsSettled) it).attempts().stream())
                .filter(it -> it.update().messageId().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
