package ums.channel;

/**
 * Published when the circuit of a server opens or closes. Listeners run on the thread that changed it, in the order of
 * the changes, and must not block.
 *
 * @param server the server as {@code host:port}
 * @param open true where messages wait from now on, false where they can be sent again
 * @param reason the error that opened it, for people; empty when it closes
 */
public record CircuitChanged(String server, boolean open, String reason) {}
