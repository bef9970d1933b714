package ums.web.guard;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.web.filter.OncePerRequestFilter;
import ums.access.ApiKey;
import ums.access.ApiKeys;
import ums.access.Scope;
import ums.web.DatabaseFault;
import ums.web.Problem;
import ums.web.ProblemWriter;

/**
 * Authenticates {@code Authorization: Bearer <key>} (RFC 6750 section 2.1) and applies the key's rate limit and scopes.
 */
class ApiKeyFilter extends OncePerRequestFilter {

    private static final String SCHEME = "Bearer ";
    private static final Problem UNAUTHORIZED = Problem.of(
            HttpStatus.UNAUTHORIZED, "UNAUTHORIZED", "Send a valid API key as \"Authorization: Bearer <key>\".");

    private final ApiKeys keys;
    private final RateLimits limits;
    private final ClientAddresses addresses;
    private final ProblemWriter writer;

    ApiKeyFilter(ApiKeys keys, RateLimits limits, ClientAddresses addresses, ProblemWriter writer) {
        this.keys = keys;
        this.limits = limits;
        this.addresses = addresses;
        this.writer = writer;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String presented = presented(request);
        Optional<ApiKey> found;
        try {
            found = presented == null ? Optional.empty() : keys.find(presented);
        } catch (DataAccessException _) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "5");
            writer.write(response, DatabaseFault.PROBLEM);
            return;
        }
        if (found.isEmpty()) {
            refuse(request, response);
            return;
        }
        ApiKey key = found.get();
        if (!limits.admit(key, response)) {
            RateLimits.refuse(response, writer);
            return;
        }
        Scope needed = ScopeRules.needed(request.getMethod(), request.getServletPath());
        if (needed != null && !key.has(needed)) {
            writer.write(response, ScopeRules.missing(needed));
            return;
        }
        SecurityContextHolder.setContext(
                new SecurityContextImpl(UsernamePasswordAuthenticationToken.authenticated(key, null, List.of())));
        chain.doFilter(request, response);
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (limits.admit(addresses.of(request), response)) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            writer.write(response, UNAUTHORIZED);
        } else {
            RateLimits.refuse(response, writer);
        }
    }

    private static @Nullable String presented(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? header.substring(SCHEME.length()).trim()
                : null;
    }
}
