package ums.web.console;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import org.springframework.http.HttpMethod;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;
import ums.access.AdminRole;
import ums.observability.QueueSample;
import ums.observability.QueueSamples;
import ums.sandbox.Sandbox;

/** The model of the layout around every page: the admin, its roles and the language. */
@ControllerAdvice(basePackageClasses = Layout.class)
class Layout {

    private final Sandbox sandbox;
    private final QueueSamples samples;
    private final Assets assets;

    Layout(Sandbox sandbox, QueueSamples samples, Assets assets) {
        this.samples = samples;
        this.sandbox = sandbox;
        this.assets = assets;
    }

    @ModelAttribute("frame")
    Around around(HttpServletRequest request, Locale locale) {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        String name = authentication != null && has(authentication, AdminRole.VIEWER) ? authentication.getName() : "";
        return new Around(
                name,
                authentication != null && has(authentication, AdminRole.OPERATOR),
                authentication != null && has(authentication, AdminRole.ADMIN),
                locale.getLanguage(),
                HttpMethod.GET.matches(request.getMethod()) ? here(request) : "/console",
                sandbox.on(),
                samples.latest().map(Layout::open).orElse(0L),
                assets.version());
    }

    /** How many failures need an operator's decision. */
    static long open(QueueSample sample) {
        return sample.openFailures().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static boolean has(Authentication authentication, AdminRole role) {
        return authentication.getAuthorities().stream()
                .anyMatch(it -> ("ROLE_" + role.name()).equals(it.getAuthority()));
    }

    private static String here(HttpServletRequest request) {
        String query = request.getQueryString();
        return request.getRequestURI() + (query == null ? "" : "?" + query);
    }

    /**
     * The layout's model.
     *
     * @param name the admin's name, or empty without a login
     * @param operates whether the admin may decide about messages and failures
     * @param administers whether the admin has the ADMIN role
     * @param language {@code ko} or {@code en}
     * @param here the page's own path and query, for links back
     * @param sandbox whether mails go to the built-in inbox only
     * @param open how many failures need a decision
     * @param assets the version in the assets' URLs
     */
    record Around(
            String name,
            boolean operates,
            boolean administers,
            String language,
            String here,
            boolean sandbox,
            long open,
            String assets) {}
}
