package ums.web.console;

import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import java.util.Map;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.JsonNode;
import ums.channel.InvalidContentException;
import ums.message.MessageService;
import ums.message.Sender;
import ums.sandbox.Sandbox;
import ums.web.api.MessageReader;

/** The overview of queue, throughput and processes; in the sandbox, also the form for a first message. */
@Controller
@RequestMapping("/console")
class OverviewPages {

    /** The sender of the form's messages: the client of the key in {@code sandbox.env}. */
    private static final Sender SANDBOX = new Sender("sandbox", false, Set.of());

    private final Overview overview;
    private final MessageService messages;
    private final MessageReader reader;
    private final Sandbox sandbox;

    OverviewPages(Overview overview, MessageService messages, MessageReader reader, Sandbox sandbox) {
        this.overview = overview;
        this.messages = messages;
        this.reader = reader;
        this.sandbox = sandbox;
    }

    @GetMapping({"", "/"})
    String page(Model model) {
        return page(Form.EMPTY, model);
    }

    /** The fragment that is polled every few seconds. */
    @GetMapping("/figures")
    String figures(Model model) {
        model.addAttribute("now", overview.now());
        return "console/overview :: figures";
    }

    /** The fragment that is polled every minute. */
    @GetMapping("/charts")
    String charts(Model model) {
        model.addAttribute("history", overview.history());
        return "console/overview :: charts";
    }

    /** In the sandbox only: elsewhere, an admin's password must not send messages. */
    @PostMapping("/first-message")
    String send(
            @RequestParam(defaultValue = "") String from,
            @RequestParam(defaultValue = "") String to,
            @RequestParam(defaultValue = "") String subject,
            @RequestParam(defaultValue = "") String text,
            Principal admin,
            Model model,
            HttpServletResponse response) {
        if (!sandbox.on()) {
            throw new NotFoundException();
        }
        Form form = new Form(from, to, subject, text);
        try {
            return "redirect:/console/messages/"
                    + messages.accept(reader.read(form.body(), SANDBOX)).id();
        } catch (InvalidContentException e) {
            Map<String, String> faults = FormBody.faults(e);
            response.setStatus(HttpStatus.BAD_REQUEST.value());
            model.addAttribute("faults", faults);
            return page(form, model);
        }
    }

    private String page(Form form, Model model) {
        model.addAttribute("form", form)
                .addAttribute("now", overview.now())
                .addAttribute("history", overview.history());
        return "console/overview";
    }

    /** The form's fields as submitted. */
    record Form(String from, String to, String subject, String text) {

        private static final Form EMPTY = new Form("", "", "", "");

        private JsonNode body() {
            return new FormBody()
                    .text("from", from)
                    .list("to", to)
                    .text("subject", subject)
                    .text("text", text)
                    .json();
        }
    }
}
