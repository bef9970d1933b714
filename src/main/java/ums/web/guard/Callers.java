package ums.web.guard;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import ums.access.ApiKey;

/** Identifies callers for quotas: by API key, else by address. */
@Component
class Callers {

    private final ClientAddresses addresses;

    Callers(ClientAddresses addresses) {
        this.addresses = addresses;
    }

    /** The key's id, or the address from {@link ClientAddresses}. Called after Spring Security's filters. */
    Object of(HttpServletRequest request) {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication != null && authentication.getPrincipal() instanceof ApiKey key
                ? key.id()
                : addresses.of(request);
    }
}
