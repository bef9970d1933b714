package ums.web.console;

import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import ums.channel.Channels;
import ums.channel.Content;
import ums.failure.Cancellation;
import ums.message.Message;
import ums.message.MessageQuery;
import ums.message.MessageSearch;
import ums.message.MessageService;
import ums.message.MessageStatus;
import ums.message.NotCancelableException;
import ums.reading.Reads;
import ums.web.Cursor;
import ums.web.ProblemException;

/** Searches and shows messages of all clients. */
@Controller
@RequestMapping("/console/messages")
class MessagePages {

    private static final int PAGE = 50;

    private final MessageService messages;
    private final MessageSearch search;
    private final Cancellation cancellation;
    private final Decider decider;
    private final Channels channels;
    private final Reads reads;

    MessagePages(
            MessageService messages,
            MessageSearch search,
            Cancellation cancellation,
            Decider decider,
            Channels channels,
            Reads reads) {
        this.messages = messages;
        this.search = search;
        this.cancellation = cancellation;
        this.decider = decider;
        this.channels = channels;
        this.reads = reads;
    }

    /** @param q an id, a recipient or a reference, distinguished by form */
    @GetMapping
    String list(
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "") String status,
            @RequestParam(defaultValue = "") String client,
            @RequestParam(defaultValue = "") String from,
            @RequestParam(defaultValue = "") String to,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        String term = q.strip();
        Optional<UUID> id = id(term);
        if (id.isPresent() && !search.brief(Set.of(id.get())).isEmpty()) {
            return "redirect:/console/messages/" + id.get();
        }
        UUID before = cursor == null || cursor.isEmpty() ? null : Cursor.read(cursor);
        Criteria criteria = new Criteria(term, status, client.strip(), from, to);
        MessageSearch.Found found = reads.read(Reads.ADMINS, () -> find(criteria, before));
        UUID next = found.next();
        model.addAttribute("criteria", criteria)
                .addAttribute("statuses", MessageStatus.values())
                .addAttribute("messages", found.messages())
                .addAttribute("next", next == null ? null : Cursor.after(next))
                .addAttribute("sparse", next != null && found.messages().size() < PAGE ? acceptedAt(next) : null)
                .addAttribute("first", before == null);
        return "console/messages";
    }

    @GetMapping("/{id}")
    String whole(@PathVariable UUID id, @RequestParam(defaultValue = "text") String view, Model model) {
        Message message = find(id);
        progress(message, model);
        model.addAttribute("view", Preview.VIEWS.contains(view) ? view : "text")
                .addAttribute("raw", view.equals("raw") ? raw(message) : null);
        return "console/message";
    }

    /** The fragment that the page polls. */
    @GetMapping("/{id}/progress")
    String progress(@PathVariable UUID id, Model model) {
        // Polled every second while the page is open, so the body, which may be long, is not loaded.
        progress(search.brief(Set.of(id)).stream().findFirst().orElseThrow(NotFoundException::new), model);
        return "console/message :: progress";
    }

    @GetMapping("/{id}/preview")
    ResponseEntity<byte[]> preview(@PathVariable UUID id) {
        Content content = find(id).content();
        return Preview.of(content == null ? null : content.preview().html());
    }

    @GetMapping("/{id}/raw")
    ResponseEntity<byte[]> download(@PathVariable UUID id) {
        return Preview.raw(messages.rendered(find(id)).orElseThrow(NotFoundException::new), id.toString());
    }

    @PostMapping("/{id}/cancel")
    String cancel(
            @PathVariable UUID id,
            @RequestParam(defaultValue = "") String reason,
            Principal admin,
            RedirectAttributes after) {
        try {
            cancellation.cancel(id, admin.getName(), decider.reason(reason)).orElseThrow(NotFoundException::new);
            after.addFlashAttribute("done", "message.canceled");
        } catch (NotCancelableException e) {
            after.addFlashAttribute("refused", "message.not-cancelable")
                    .addFlashAttribute("refusedBy", e.status().name());
        } catch (ProblemException e) {
            after.addFlashAttribute("faults", FormBody.faults(e));
        }
        return "redirect:/console/messages/" + id;
    }

    private MessageSearch.Found find(Criteria criteria, @Nullable UUID before) {
        String recipient = recipient(criteria.q);
        if (recipient.isEmpty()) {
            return search.find(criteria.query(criteria.q, ""), before, PAGE);
        }
        MessageSearch.Found found = search.find(criteria.query("", recipient), before, PAGE);
        // A reference may look like an address too.
        return found.messages().isEmpty() && found.next() == null
                ? search.find(criteria.query(criteria.q, ""), before, PAGE)
                : found;
    }

    /** The text in the one spelling of a recipient; empty where no channel knows such addresses. */
    private String recipient(String text) {
        try {
            return text.isEmpty() ? "" : channels.normalise(text);
        } catch (IllegalArgumentException _) {
            return text.contains("@") ? text : "";
        }
    }

    private void progress(Message message, Model model) {
        model.addAttribute("message", message)
                .addAttribute("waiting", messages.waiting(message))
                .addAttribute("events", messages.events(null, message.id()).orElse(List.of()))
                .addAttribute("cancelable", message.progress().status().next().contains(MessageStatus.CANCELED));
    }

    private Message find(UUID id) {
        return messages.find(null, id).orElseThrow(NotFoundException::new);
    }

    private @Nullable String raw(Message message) {
        return messages.rendered(message).map(Preview::text).orElse(null);
    }

    private static Optional<UUID> id(String text) {
        try {
            return text.length() == 36 ? Optional.of(UUID.fromString(text)) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** A UUIDv7 begins with its milliseconds (RFC 9562 section 5.7). */
    private static Instant acceptedAt(UUID id) {
        return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
    }

    /** The search form's fields as submitted. */
    record Criteria(String q, String status, String client, String from, String to) {

        MessageQuery query(String reference, String recipient) {
            return MessageQuery.ALL
                    .withClient(orNull(client))
                    .withStatus(statusOrNull())
                    .withReference(orNull(reference))
                    .withRecipient(orNull(recipient))
                    .accepted(Display.parseLocal(from), Display.parseLocal(to));
        }

        /** Whether any criterion is set. */
        public boolean narrows() {
            return !(q.isEmpty() && status.isEmpty() && client.isEmpty() && from.isEmpty() && to.isEmpty());
        }

        private @Nullable MessageStatus statusOrNull() {
            for (MessageStatus each : MessageStatus.values()) {
                if (each.name().equals(status)) {
                    return each;
                }
            }
            return null;
        }

        private static @Nullable String orNull(String text) {
            return text.isEmpty() ? null : text;
        }
    }
}
