package ums.web.console;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import ums.sandbox.Inbox;
import ums.sandbox.InboxMail;

/** Shows the mails in the built-in inbox. */
@Controller
@RequestMapping("/console/inbox")
class InboxPages {

    private static final int PAGE = 50;

    private final Inbox inbox;

    InboxPages(Inbox inbox) {
        this.inbox = inbox;
    }

    @GetMapping
    String list(@RequestParam(required = false) @Nullable Long before, Model model) {
        List<InboxMail> mails = inbox.list(PAGE + 1, before);
        boolean more = mails.size() > PAGE;
        List<InboxMail> shown = more ? mails.subList(0, PAGE) : mails;
        model.addAttribute("mails", shown)
                .addAttribute("next", more ? shown.getLast().n() : null)
                .addAttribute("first", before == null);
        return "console/inbox";
    }

    @GetMapping("/{n}")
    String mail(@PathVariable long n, @RequestParam(defaultValue = "") String view, Model model) {
        InboxMail mail = find(n);
        String shown = Preview.VIEWS.contains(view) ? view : mail.html() == null ? "text" : "html";
        model.addAttribute("mail", mail)
                .addAttribute("view", shown)
                .addAttribute(
                        "raw",
                        shown.equals("raw") ? inbox.raw(n).map(Preview::text).orElse("") : null);
        return "console/mail";
    }

    @GetMapping("/{n}/preview")
    ResponseEntity<byte[]> preview(@PathVariable long n) {
        return Preview.of(find(n).html());
    }

    @GetMapping("/{n}/raw")
    ResponseEntity<byte[]> raw(@PathVariable long n) {
        return Preview.raw(inbox.raw(n).orElseThrow(NotFoundException::new), String.valueOf(n));
    }

    private InboxMail find(long n) {
        return inbox.get(n).orElseThrow(NotFoundException::new);
    }
}
