package ums.web.guard;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import ums.access.ApiKey;

/** Who asks, for what is counted by caller: a key where there is one, else an address. */
@Component
class Callers {

    private final ClientAddresses addresses;

    Callers(ClientAddresses addresses) {
        this.addresses = addresses;
    }

    /** The key's id, or the address as {@link ClientAddresses} tells it. Called behind Spring Security's filters. */
    Object of(HttpServletRequest request) {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication != null && authentication.getPrincipal() instanceof ApiKey key
                ? key.id()
                : addresses.of(request);
    }
}
