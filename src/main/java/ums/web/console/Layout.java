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

/** What stands around every page: who looks, what he may do, in which language. */
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
        Authentication who = SecurityContextHolder.getContext().getAuthentication();
        String name = who != null && has(who, AdminRole.VIEWER) ? who.getName() : "";
        return new Around(
                name,
                who != null && has(who, AdminRole.OPERATOR),
                who != null && has(who, AdminRole.ADMIN),
                locale.getLanguage(),
                HttpMethod.GET.matches(request.getMethod()) ? here(request) : "/console",
                sandbox.on(),
                samples.latest().map(Layout::open).orElse(0L),
                assets.version());
    }

    /** How many failures wait for a person. */
    static long open(QueueSample sample) {
        return sample.openFailures().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static boolean has(Authentication who, AdminRole role) {
        return who.getAuthorities().stream().anyMatch(it -> ("ROLE_" + role.name()).equals(it.getAuthority()));
    }

    private static String here(HttpServletRequest request) {
        String query = request.getQueryString();
        return request.getRequestURI() + (query == null ? "" : "?" + query);
    }

    /**
     * Around a page.
     *
     * @param name the admin's, or empty where nobody is logged in
     * @param operates whether he may decide about messages and failures
     * @param administers whether he may do anything
     * @param language {@code ko} or {@code en}
     * @param here the page's own address, to come back to
     * @param sandbox whether nothing leaves the machine
     * @param open how many failures wait for a person
     * @param assets the version in the addresses of scripts and styles
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
