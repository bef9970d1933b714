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
import ums.Messages;
import ums.UmsStory;
import ums.message.MessageSearch.Found;
import ums.message.MessageSearch.Wish;

class MessageSearchTest extends UmsStory {

    @Autowired
    MessageSearch search;

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

        assertThat(ids(new Wish(null, null, null, first, null, null))).containsExactly(id);
        assertThat(ids(new Wish(null, null, null, second, null, null))).containsExactly(alone, id);
        assertThat(ids(new Wish("another", null, null, second, null, null))).isEmpty();
    }

    @Test
    void aMessageIsFoundWhereverItStands() {
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
    void timeNarrowsASearchToTheMillisecond() {
        UUID id = ums.send(key, Messages.to("a@x.example")).id();
        Instant at = search.find(new Wish(client, null, null, null, null, null), null, 1)
                .messages()
                .getFirst()
                .progress()
                .createdAt();

        assertThat(ids(new Wish(client, null, null, null, at, at.plusMillis(1))))
                .containsExactly(id);
        assertThat(ids(new Wish(client, null, null, null, at.plusMillis(1), null)))
                .isEmpty();
        assertThat(ids(new Wish(client, null, null, null, null, at))).isEmpty();
    }

    @Test
    void pagesFollowEachOtherWithoutGapAndRepetition() {
        List<UUID> sent = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sent.add(ums.send(key, Messages.to("a@x.example")).id());
        }
        List<UUID> seen = new ArrayList<>();
        UUID before = null;
        do {
            Found page = search.find(new Wish(client, null, null, null, null, null), before, 2);
            page.messages().forEach(it -> seen.add(it.id()));
            before = page.next();
        } while (before != null);

        assertThat(seen).containsExactlyElementsOf(sent.reversed());
    }

    private Wish status(MessageStatus status) {
        return new Wish(client, status, null, null, null, null);
    }

    private List<UUID> ids(Wish wish) {
        return search.find(wish, null, 50).messages().stream().map(Message::id).toList();
    }
}
