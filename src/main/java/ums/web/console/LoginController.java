package ums.web.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.servlet.LocaleResolver;

/** The login form, the language switch, the assets and the error pages. */
@Controller
class LoginController {

    private static final Pattern PAGE = Pattern.compile("/console([/?].*)?");

    /** Bounds the Location header, in which each character takes up to nine. */
    private static final int MAX_PAGE_LENGTH = 800;

    private static final Duration MAX_AGE = Duration.ofDays(365);

    private final Assets assets;
    private final LocaleResolver language;

    LoginController(Assets assets, LocaleResolver language) {
        this.assets = assets;
        this.language = language;
    }

    /** The form's POST goes to Spring Security, which also redirects here. */
    @GetMapping("/console/login")
    String login(
            @RequestParam(required = false) @Nullable String failed,
            @RequestParam(required = false) @Nullable String bye,
            @RequestParam(defaultValue = "0") long wait,
            @RequestParam(defaultValue = "") String next,
            Model model) {
        model.addAttribute("failed", failed != null)
                .addAttribute("bye", bye != null)
                .addAttribute("wait", wait)
                .addAttribute("next", next);
        return "console/login";
    }

    /** A GET, as it changes nothing but a cookie of the caller. */
    @GetMapping("/console/language")
    String language(
            @RequestParam String to,
            @RequestParam(defaultValue = "/console") String back,
            HttpServletRequest request,
            HttpServletResponse response) {
        language.setLocale(request, response, Locale.forLanguageTag(to));
        return "redirect:"
                + (back.length() <= MAX_PAGE_LENGTH && PAGE.matcher(back).matches() ? back : "/console");
    }

    @GetMapping("/console/assets/{version}/{name}")
    ResponseEntity<byte[]> asset(@PathVariable String version, @PathVariable String name) {
        Assets.Asset asset = assets.all().get(name);
        if (asset == null || !version.equals(assets.version())) {
            return ResponseEntity.notFound().build();
        }
        return ResponseEntity.ok()
                .contentType(asset.type())
                .cacheControl(CacheControl.maxAge(MAX_AGE).cachePublic().immutable())
                .body(asset.bytes());
    }

    /** Spring Security forwards forbidden requests here. */
    @RequestMapping("/console/denied")
    @ResponseStatus(HttpStatus.FORBIDDEN)
    String denied(Model model) {
        model.addAttribute("problem", "denied");
        return "console/problem";
    }

    @GetMapping("/console/**")
    @ResponseStatus(HttpStatus.NOT_FOUND)
    String notFound(Model model) {
        model.addAttribute("problem", "nothing");
        return "console/problem";
    }
}
