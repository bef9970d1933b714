package ums.web.admin;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
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
import ums.message.MessageFilter;
import ums.message.MessageService;
import ums.message.MessageStatus;
import ums.message.TimelineEvent;
import ums.web.Cursor;
import ums.web.Listing;
import ums.web.Page;
import ums.web.Problem;
import ums.web.ProblemException;
import ums.web.api.MessageView;

/** Messages of all clients, for those who operate the service. */
@RestController
@RequestMapping(path = "/admin/messages", produces = MediaType.APPLICATION_JSON_VALUE)
class AdminMessageController {

    private final MessageService messages;

    AdminMessageController(MessageService messages) {
        this.messages = messages;
    }

    @GetMapping
    Page<ClientMessageView> list(
            @RequestParam(required = false) @Nullable MessageStatus status,
            @RequestParam(required = false) @Nullable String client,
            @RequestParam(required = false) @Nullable String reference,
            @RequestParam(defaultValue = "50") int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        UUID before = cursor == null ? null : Cursor.read(cursor);
        List<Message> rows =
                messages.list(new MessageFilter(client, status, reference, null, before, Page.lookAhead(limit)));
        return Page.of(rows, limit, Message::id, it -> new ClientMessageView(it.client(), MessageView.brief(it)));
    }

    @GetMapping("/{id}")
    ClientMessageView find(@PathVariable UUID id) {
        return messages.find(null, id)
                .map(it -> new ClientMessageView(it.client(), MessageView.whole(it, messages.waiting(it))))
                .orElseThrow(AdminMessageController::notFound);
    }

    @GetMapping("/{id}/events")
    Listing<TimelineEvent> events(@PathVariable UUID id) {
        return new Listing<>(messages.events(null, id).orElseThrow(AdminMessageController::notFound));
    }

    private static ProblemException notFound() {
        return new ProblemException(Problem.of(HttpStatus.NOT_FOUND, "NOT_FOUND", "There is no such message."));
    }

    /** A message as its client sees it, and whose it is. */
    record ClientMessageView(String client, @JsonUnwrapped MessageView message) {}
}
