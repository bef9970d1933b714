package ums.web.console;

import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import tools.jackson.databind.JsonNode;
import ums.access.ApiKeys;
import ums.access.Scope;
import ums.reading.Reads;
import ums.web.ProblemException;
import ums.web.admin.ApiKeyReader;

/** Creates, shows once, lists and revokes API keys. */
@Controller
@RequestMapping("/console/keys")
class KeyPages {

    private static final List<String> ALL = Scope.ALL.stream().map(Scope::code).toList();

    private final ApiKeys keys;
    private final ApiKeyReader reader;
    private final Reads reads;

    KeyPages(ApiKeys keys, ApiKeyReader reader, Reads reads) {
        this.keys = keys;
        this.reader = reader;
        this.reads = reads;
    }

    @GetMapping
    String list(Model model) {
        return page(new Form("", "", "live", "", ALL, ""), model);
    }

    /** Responds without a redirect: the secret is in this response only. */
    @PostMapping
    String create(
            @RequestParam(defaultValue = "") String client,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "live") String mode,
            @RequestParam(defaultValue = "") String from,
            @RequestParam(defaultValue = "") List<String> scopes,
            @RequestParam(defaultValue = "") String expires,
            Principal admin,
            Model model,
            HttpServletResponse response) {
        Form form = new Form(client, name, mode, from, scopes, expires);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        try {
            ApiKeys.NewApiKey created = keys.create(admin.getName(), reader.read(form.body()));
            model.addAttribute("made", created.key()).addAttribute("secret", created.secret());
            return list(model);
        } catch (ProblemException e) {
            Map<String, String> faults = FormBody.faults(e);
            response.setStatus(e.problem().status().value());
            model.addAttribute("faults", faults);
            return page(form, model);
        }
    }

    @PostMapping("/{id}/revoke")
    String revoke(@PathVariable UUID id, Principal admin, RedirectAttributes after) {
        after.addFlashAttribute(keys.revoke(admin.getName(), id) ? "done" : "refused", "keys.revoked");
        return "redirect:/console/keys";
    }

    private String page(Form form, Model model) {
        keys.writeUses();
        model.addAttribute("form", form)
                .addAttribute("scopes", ALL)
                .addAttribute("keys", reads.read(Reads.ADMINS, keys::list))
                .addAttribute("now", Instant.now());
        return "console/keys";
    }

    /** The form's fields as submitted. */
    record Form(String client, String name, String mode, String from, List<String> scopes, String expires) {

        private JsonNode body() {
            Instant expiresAt = Display.parseLocal(expires);
            return new FormBody()
                    .text("client", client)
                    .text("name", name)
                    .text("mode", mode)
                    .list("from", from)
                    .choices("scopes", scopes)
                    .text("expiresAt", expiresAt == null ? expires : expiresAt.toString())
                    .json();
        }
    }
}
