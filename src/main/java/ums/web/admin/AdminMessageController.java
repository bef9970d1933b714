package ums.web.admin;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import ums.message.Message;
import ums.message.MessageQuery;
import ums.message.MessageSearch;
import ums.message.MessageService;
import ums.message.MessageStatus;
import ums.reading.Reads;
import ums.web.Cursor;
import ums.web.Listing;
import ums.web.Page;
import ums.web.Problem;
import ums.web.ProblemException;
import ums.web.api.EventView;
import ums.web.api.MessageView;

/** Messages of all clients, for operators. */
@RestController
@RequestMapping(path = "/admin/messages", produces = MediaType.APPLICATION_JSON_VALUE)
class AdminMessageController {

    private final MessageService messages;
    private final MessageSearch search;
    private final Reads reads;

    AdminMessageController(MessageService messages, MessageSearch search, Reads reads) {
        this.messages = messages;
        this.search = search;
        this.reads = reads;
    }

    @GetMapping
    Page<ClientMessageView> list(
            @RequestParam(required = false) @Nullable MessageStatus status,
            @RequestParam(required = false) @Nullable String client,
            @RequestParam(required = false) @Nullable String reference,
            @RequestParam(defaultValue = "50") int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        UUID before = cursor == null ? null : Cursor.read(cursor);
        int wanted = Page.checked(limit);
        MessageQuery query =
                MessageQuery.ALL.withClient(client).withStatus(status).withReference(reference);
        MessageSearch.Found found = reads.read(Reads.ADMINS, () -> search.find(query, before, wanted));
        return Page.of(found.messages(), found.next(), it -> ClientMessageView.of(it, MessageView.brief(it)));
    }

    @GetMapping("/{id}")
    ClientMessageView find(@PathVariable UUID id) {
        return messages.find(null, id)
                .map(it -> ClientMessageView.of(it, MessageView.whole(it, messages.waiting(it))))
                .orElseThrow(AdminMessageController::notFound);
    }

    @GetMapping("/{id}/events")
    Listing<EventView> events(@PathVariable UUID id) {
        return Listing.of(messages.events(null, id).orElseThrow(AdminMessageController::notFound), EventView::of);
    }

    private static ProblemException notFound() {
        return new ProblemException(Problem.of(HttpStatus.NOT_FOUND, "NOT_FOUND", "There is no such message."));
    }

    /** A message as its client sees it, with the client's name and the key's mode. */
    record ClientMessageView(
            String client, String mode, @JsonUnwrapped MessageView message) {

        private static ClientMessageView of(Message message, MessageView view) {
            return new ClientMessageView(message.client(), message.test() ? "test" : "live", view);
        }
    }
}
