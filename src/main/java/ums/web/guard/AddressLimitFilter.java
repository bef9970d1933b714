package ums.web.guard;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;
import ums.web.ProblemWriter;

/** Limits the request rate of each address that sends no API key. */
class AddressLimitFilter extends OncePerRequestFilter {

    private final RateLimits limits;
    private final ClientAddresses addresses;
    private final ProblemWriter writer;

    AddressLimitFilter(RateLimits limits, ClientAddresses addresses, ProblemWriter writer) {
        this.limits = limits;
        this.addresses = addresses;
        this.writer = writer;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (limits.admit(addresses.of(request), response)) {
            chain.doFilter(request, response);
        } else {
            RateLimits.refuse(response, writer);
        }
    }
}
