package ums.web.guard;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/** Trusts {@code X-Forwarded-Proto: https} from a trusted proxy, so that the console's cookies are marked as Secure. */
final class TlsProxyValve extends ValveBase {

    private static final String FORWARDED = "X-Forwarded-Proto";

    private final List<AddressRange> proxies;

    TlsProxyValve(List<AddressRange> proxies) {
        super(true);
        this.proxies = proxies;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if ("https".equalsIgnoreCase(request.getHeader(FORWARDED)) && isProxy(request.getRemoteAddr())) {
            request.setSecure(true);
        }
        getNext().invoke(request, response);
    }

    private boolean isProxy(String address) {
        try {
            InetAddress peer = InetAddress.ofLiteral(address);
            return proxies.stream().anyMatch(it -> it.contains(peer));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
