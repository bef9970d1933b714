package ums.web.guard;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.web.filter.OncePerRequestFilter;
import ums.access.Admin;
import ums.access.AdminLogin;
import ums.access.AdminRole;
import ums.web.ProblemWriter;

/**
 * HTTP Basic authentication (RFC 7617) for admins. A request without credentials continues unauthenticated; one with
 * wrong credentials is answered here.
 */
class AdminFilter extends OncePerRequestFilter {

    private static final String SCHEME = "Basic ";

    private final AdminLogin login;
    private final ClientAddresses addresses;
    private final ProblemWriter writer;

    AdminFilter(AdminLogin login, ClientAddresses addresses, ProblemWriter writer) {
        this.login = login;
        this.addresses = addresses;
        this.writer = writer;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Credentials credentials = credentials(request);
        if (credentials == null) {
            chain.doFilter(request, response);
            return;
        }
        switch (login.check(credentials.name(), credentials.password(), addresses.of(request))) {
            case AdminLogin.Granted(Admin admin) -> {
                SecurityContextHolder.setContext(new SecurityContextImpl(
                        UsernamePasswordAuthenticationToken.authenticated(admin.name(), null, roles(admin.role()))));
                chain.doFilter(request, response);
            }
            case AdminLogin.Refused _ -> SecurityConfiguration.unauthorized(response, writer);
            case AdminLogin.TooMany(long seconds) -> {
                response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
                writer.write(response, SecurityConfiguration.TOO_MANY_LOGINS);
            }
        }
    }

    /** The authorities of a role: its own and those of the roles below it. */
    static List<SimpleGrantedAuthority> roles(AdminRole role) {
        return Arrays.stream(AdminRole.values())
                .filter(it -> it.compareTo(role) <= 0)
                .map(it -> new SimpleGrantedAuthority("ROLE_" + it.name()))
                .toList();
    }

    private static @Nullable Credentials credentials(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        try {
            String pair = new String(
                    Base64.getDecoder().decode(header.substring(SCHEME.length()).trim()), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0 ? null : new Credentials(pair.substring(0, colon), pair.substring(colon + 1));
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private record Credentials(String name, String password) {}
}
