package ums.web.api;

import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import ums.access.ApiKey;
import ums.message.Accepted;
import ums.message.Message;
import ums.message.MessageQuery;
import ums.message.MessageSearch;
import ums.message.MessageService;
import ums.message.MessageStatus;
import ums.message.Owner;
import ums.reading.Reads;
import ums.web.Cursor;
import ums.web.Listing;
import ums.web.Page;
import ums.web.Problem;
import ums.web.ProblemException;

/** Sends, reads, lists and cancels messages. */
@RestController
@RequestMapping(path = "/api/messages", produces = MediaType.APPLICATION_JSON_VALUE)
class MessageController {

    private final MessageService messages;
    private final MessageSearch search;
    private final MessageReader reader;
    private final Reads reads;

    MessageController(MessageService messages, MessageSearch search, MessageReader reader, Reads reads) {
        this.messages = messages;
        this.search = search;
        this.reader = reader;
        this.reads = reads;
    }

    /** 202 once the message and its queue entry are committed; 200 if an earlier request with the same key did that. */
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<AcceptedView> send(
            @RequestBody byte[] body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
            @AuthenticationPrincipal ApiKey key) {
        Accepted accepted = messages.accept(reader.read(body, key, idempotencyKey));
        AcceptedView view = new AcceptedView(accepted.id(), MessageStatus.ACCEPTED, accepted.createdAt());
        ResponseEntity.BodyBuilder answer = accepted.replayed()
                ? ResponseEntity.ok().header("Idempotent-Replayed", "true")
                : ResponseEntity.accepted();
        return answer.location(URI.create("/api/messages/" + accepted.id())).body(view);
    }

    @GetMapping("/{id}")
    MessageView find(@PathVariable UUID id, @AuthenticationPrincipal ApiKey key) {
        return messages.find(owner(key), id).map(this::whole).orElseThrow(MessageController::notFound);
    }

    /** Allowed from ACCEPTED and RETRY only. The request has no body; one that is sent is not read. */
    @PostMapping("/{id}/cancel")
    MessageView cancel(@PathVariable UUID id, @AuthenticationPrincipal ApiKey key) {
        return messages.cancel(owner(key), id).map(this::whole).orElseThrow(MessageController::notFound);
    }

    @GetMapping("/{id}/events")
    Listing<EventView> events(@PathVariable UUID id, @AuthenticationPrincipal ApiKey key) {
        return Listing.of(messages.events(owner(key), id).orElseThrow(MessageController::notFound), EventView::of);
    }

    @GetMapping
    Page<MessageView> list(
            @RequestParam(required = false) @Nullable MessageStatus status,
            @RequestParam(required = false) @Nullable String reference,
            @RequestParam(required = false) @Nullable String channel,
            @RequestParam(defaultValue = "50") int limit,
            @RequestParam(required = false) @Nullable String cursor,
            @AuthenticationPrincipal ApiKey key) {
        UUID before = cursor == null ? null : Cursor.read(cursor);
        int wanted = Page.checked(limit);
        MessageQuery query = MessageQuery.of(owner(key))
                .withStatus(status)
                .withReference(reference)
                .withChannel(channel);
        MessageSearch.Found found = reads.read(key.client(), () -> search.find(query, before, wanted));
        return Page.of(found.messages(), found.next(), MessageView::brief);
    }

    private static Owner owner(ApiKey key) {
        return MessageReader.sender(key).owner();
    }

    private MessageView whole(Message message) {
        return MessageView.whole(message, messages.waiting(message));
    }

    private static ProblemException notFound() {
        return new ProblemException(
                Problem.of(HttpStatus.NOT_FOUND, "NOT_FOUND", "There is no such message, or it is not yours."));
    }

    /** The response to an accepted message. */
    record AcceptedView(UUID id, MessageStatus status, Instant createdAt) {}
}
