package ums.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import ums.Messages;
import ums.UmsStory;
import ums.message.MessageSearch.Found;

class MessageSearchTest extends UmsStory {

    @Autowired
    TransactionTemplate transactions;

    @Autowired
    MessageSearch search;

    @Autowired
    JdbcClient jdbc;

    private String client;
    private String key;

    @BeforeEach
    void newClient() {
        client = "search-" + UUID.randomUUID();
        key = ums.newKey("{\"client\": \"" + client + "\"}");
    }

    @Test
    void aMessageIsFoundByEachOfItsRecipientsWhateverTheirCase() {
        String first = UUID.randomUUID() + "@example.com";
        String second = "\"a, \\\\\\\" " + UUID.randomUUID() + "\"@example.com";
        UUID id = ums.send(key, Messages.to("Kim <" + first.toUpperCase() + ">", Map.of("bcc", List.of(second))))
                .id();
        UUID alone = ums.send(key, Messages.to(second)).id();

        assertThat(ids(MessageQuery.ALL.withRecipient(first))).containsExactly(id);
        assertThat(ids(MessageQuery.ALL.withRecipient(second))).containsExactly(alone, id);
        assertThat(ids(MessageQuery.ALL.withClient("another").withRecipient(second)))
                .isEmpty();
    }

    @Test
    void aMessageIsFoundByItsStatus() {
        UUID waits = ums.send(key, Messages.to("a@x.example", Map.of("scheduledAt", "2099-01-01T00:00:00Z")))
                .id();
        UUID canceled = ums.send(key, Messages.to("a@x.example", Map.of("scheduledAt", "2099-01-01T00:00:00Z")))
                .id();
        ums.call("POST", "/api/messages/" + canceled + "/cancel", "Bearer " + key, null);
        UUID sent = ums.send(key, Messages.to("a@x.example")).id();
        await().until(() -> ids(status(MessageStatus.SENT)), it -> it.equals(List.of(sent)));

        assertThat(ids(status(MessageStatus.ACCEPTED))).containsExactly(waits);
        assertThat(ids(status(MessageStatus.CANCELED))).containsExactly(canceled);
        assertThat(Stream.of(MessageStatus.FAILED, MessageStatus.MANUAL_REVIEW, MessageStatus.RETRY)
                        .flatMap(it -> ids(status(it)).stream()))
                .isEmpty();
    }

    @Test
    void aSpanOfTimeIsExactToTheMillisecond() {
        UUID id = ums.send(key, Messages.to("a@x.example")).id();
        Instant at =
                search.find(mine(), null, 1).messages().getFirst().progress().createdAt();

        assertThat(ids(mine().accepted(at, at.plusMillis(1)))).containsExactly(id);
        assertThat(ids(mine().accepted(at.plusMillis(1), null))).isEmpty();
        assertThat(ids(mine().accepted(null, at))).isEmpty();
    }

    @Test
    void pagesHaveNoGapAndNoRepetition() {
        List<UUID> sent = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sent.add(ums.send(key, Messages.to("a@x.example")).id());
        }
        List<UUID> seen = new ArrayList<>();
        UUID before = null;
        do {
            Found page = search.find(mine(), before, 2);
            page.messages().forEach(it -> seen.add(it.id()));
            before = page.next();
        } while (before != null);

        assertThat(seen).containsExactlyElementsOf(sent.reversed());
    }

    @Test
    void theLastPageHasNoNextOne() {
        ums.send(key, Messages.to("a@x.example"));
        ums.send(key, Messages.to("a@x.example"));

        assertThat(search.find(mine(), null, 2).next()).isNull();
        assertThat(search.find(mine(), null, 1).next()).isNotNull();
    }

    @Test
    void aScanIsBoundedAndTheNextOneContinuesIt() {
        UUID canceled = copies(1, "CANCELED", client);
        copies(10_500, "SENT", client);

        Found first = search.find(mine().withStatus(MessageStatus.CANCELED), null, 50);
        Found second = search.find(mine().withStatus(MessageStatus.CANCELED), first.next(), 50);

        assertThat(first.messages()).isEmpty();
        assertThat(first.next()).isNotNull();
        assertThat(second.messages()).extracting(Message::id).containsExactly(canceled);
        assertThat(second.next()).isNull();
        String page = "/api/messages?status=CANCELED";
        assertThat(ums.get(key, page).json().get("data")).isEmpty();
        String cursor = ums.get(key, page).json().get("nextCursor").stringValue();
        assertThat(ums.get(key, page + "&cursor=" + cursor).json().get("data")).hasSize(1);
    }

    /** As after a client's first campaign: a nested loop over its rows would take half a minute. */
    @Test
    void aScanIsQuickWhereTheStatisticsKnowNothingOfTheClient() {
        jdbc.sql("analyze message").update();
        copies(10_500, "SENT", client);

        Found found = transactions.execute(_ -> {
            jdbc.sql("set local statement_timeout = '3s'").update();
            return search.find(mine().withStatus(MessageStatus.CANCELED), null, 50);
        });

        assertThat(found.messages()).isEmpty();
        assertThat(found.next()).isNotNull();
    }

    @Test
    void failuresOfOtherClientsDoNotHideAClientsOwn() {
        UUID failed = copies(1, "FAILED", client);
        copies(10_500, "FAILED", "others-" + client);

        assertThat(ids(status(MessageStatus.FAILED))).containsExactly(failed);
        assertThat(ids(mine().withStatus(MessageStatus.FAILED).withChannel("email")))
                .containsExactly(failed);
        assertThat(ids(mine().withStatus(MessageStatus.FAILED).withChannel("sms")))
                .isEmpty();
    }

    @Test
    void theSummaryHoldsOnlyWhatListsShow() {
        UUID id = ums.send(key, Messages.to("a@x.example", Map.of("headers", Map.of("X-Order", "42"))))
                .id();

        Map<String, Object> stored = jdbc.sql("select summary, content from message_content where message_id = :id")
                .param("id", id)
                .query()
                .singleRow();
        assertThat(stored.get("summary").toString()).contains("A subject").doesNotContain("A text", "X-Order");
        assertThat(stored.get("content").toString())
                .contains("A text", "X-Order")
                .doesNotContain("A subject");
        jdbc.sql("update message_content set content = 'not read' where message_id = :id")
                .param("id", id)
                .update();
        assertThat(ums.get(key, "/api/messages").json().at("/data/0/subject").stringValue())
                .isEqualTo("A subject");
    }

    /** Inserts ended messages, the failed ones with their failure, and returns the id of the last one. */
    private UUID copies(int count, String status, String owner) {
        UUID one = ums.send(key, Messages.to("a@x.example", Map.of("scheduledAt", "2099-01-01T00:00:00Z")))
                .id();
        return jdbc.sql("""
                        with model as (delete from message where id = :one returning *),
                        content as (select summary, content, recipient from message_content where message_id = :one),
                        entry as (delete from outbox where aggregate_id = :one),
                        copy as materialized (
                            select overlay(model.id::text placing lpad(to_hex(n), 12, '0') from 25)::uuid as id
                            from model, generate_series(1, :count) n),
                        contents as (
                            insert into message_content (message_id, summary, content, recipient)
                            select copy.id, content.* from copy, content),
                        failures as (
                            insert into send_failure (id, message_id, outbox_id, error_type, attempt_count, occurred_at, handled,
                                handled_by, handled_at, resolution)
                            select id, id, 0, 'REJECTED', 1, now(), true, 'kim', now(), 'ABANDON'
                            from copy where :status = 'FAILED'),
                        made as (
                            insert into message (id, client, test, channel, status, purpose, priority, created_at, updated_at,
                                recipients)
                            select copy.id, :owner, test, channel, :status, purpose, priority, created_at, updated_at, recipients
                            from copy, model
                            returning id)
                        select id from made order by id desc limit 1
                        """)
                .param("one", one)
                .param("count", count)
                .param("status", status)
                .param("owner", owner)
                .query(UUID.class)
                .single();
    }

    private MessageQuery mine() {
        return MessageQuery.of(new Owner(client, false));
    }

    private MessageQuery status(MessageStatus status) {
        return mine().withStatus(status);
    }

    private List<UUID> ids(MessageQuery query) {
        return search.find(query, null, 50).messages().stream().map(Message::id).toList();
    }
}
