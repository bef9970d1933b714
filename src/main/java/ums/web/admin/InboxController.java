package ums.web.admin;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import ums.sandbox.Inbox;
import ums.sandbox.InboxMail;

/** The mails in the built-in inbox. */
@RestController
@RequestMapping("/inbox")
class InboxController {

    private static final MediaType MAIL = MediaType.parseMediaType("message/rfc822");

    private final Inbox inbox;

    InboxController(Inbox inbox) {
        this.inbox = inbox;
    }

    /** Newest first. */
    record Page(List<InboxMail> data) {}

    /** @param before only mails with a lower number: the last one of the previous page */
    @GetMapping
    Page list(
            @RequestParam(defaultValue = "100") @Min(1) @Max(1_000) int limit,
            @RequestParam(required = false) @Nullable Long before) {
        return new Page(inbox.list(limit, before));
    }

    @GetMapping("/{n}")
    InboxMail get(@PathVariable long n) {
        return inbox.get(n).orElseThrow(InboxController::notFound);
    }

    /** The mail may contain anything, so browsers must not sniff it as HTML. */
    @GetMapping("/{n}/raw")
    ResponseEntity<byte[]> raw(@PathVariable long n) {
        return ResponseEntity.ok()
                .contentType(MAIL)
                .header("X-Content-Type-Options", "nosniff")
                .body(inbox.raw(n).orElseThrow(InboxController::notFound));
    }

    private static ResponseStatusException notFound() {
        return new ResponseStatusException(HttpStatus.NOT_FOUND, "The inbox does not hold this mail (any more).");
    }
}
