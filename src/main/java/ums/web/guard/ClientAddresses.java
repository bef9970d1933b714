package ums.web.guard;

import jakarta.servlet.http.HttpServletRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The client address of a request. {@code X-Forwarded-For} is used only if the peer is a trusted proxy, and read from
 * the right, where that proxy wrote, up to the first address that is not a trusted proxy.
 */
@Component
class ClientAddresses {

    private static final String FORWARDED = "X-Forwarded-For";
    private static final int IPV6_SITE_BYTES = 8;

    private final List<AddressRange> proxies;

    ClientAddresses(LimitsProperties limits) {
        this.proxies = limits.proxies();
    }

    /** The IPv4 address, or the first 64 bits of the IPv6 address: a network assigns at least those to one customer. */
    String of(HttpServletRequest request) {
        InetAddress peer = literal(request.getRemoteAddr());
        return peer == null ? request.getRemoteAddr() : name(isProxy(peer) ? forwarded(peer, request) : peer);
    }

    /** @param nearest the peer, used if the header cannot be parsed */
    private InetAddress forwarded(InetAddress nearest, HttpServletRequest request) {
        List<String> hops = Collections.list(request.getHeaders(FORWARDED)).stream()
                .flatMap(it -> Arrays.stream(it.split(",", -1)))
                .toList();
        InetAddress client = nearest;
        for (String hop : hops.reversed()) {
            InetAddress next = literal(withoutPort(hop.trim()));
            if (next == null) {
                break;
            }
            client = next;
            if (!isProxy(next)) {
                break;
            }
        }
        return client;
    }

    private boolean isProxy(InetAddress address) {
        for (AddressRange range : proxies) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** {@code 192.0.2.1:4711} and {@code [2001:db8::1]:4711}, as some proxies write them. */
    private static String withoutPort(String hop) {
        if (hop.startsWith("[")) {
            int end = hop.indexOf(']');
            return end < 0 ? hop : hop.substring(1, end);
        }
        int colon = hop.indexOf(':');
        return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }

    private static @Nullable InetAddress literal(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static String name(InetAddress address) {
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(address.getAddress(), 0, IPV6_SITE_BYTES)
                : address.getHostAddress();
    }
}
