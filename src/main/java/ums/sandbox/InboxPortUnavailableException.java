package ums.sandbox;

import java.net.BindException;

/** The inbox cannot listen on its port, usually because another process does. */
final class InboxPortUnavailableException extends RuntimeException {

    private final int port;

    InboxPortUnavailableException(int port, BindException cause) {
        super(
                "The inbox cannot listen on %s:%s (ums.inbox.port): %s"
                        .formatted(InboxServer.HOST, port, cause.getMessage()),
                cause);
        this.port = port;
    }

    int port() {
        return port;
    }
}
