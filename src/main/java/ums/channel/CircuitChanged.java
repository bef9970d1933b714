package ums.channel;

/**
 * Published when a server got into trouble, and when it is out of it again. Listeners run on the thread that noticed,
 * in the order of the changes; they must not block.
 *
 * @param server which, as {@code host:port}
 * @param open true where messages wait from now on, false where they may go again
 * @param reason the fault that opened it, for people; empty when it closes
 */
public record CircuitChanged(String server, boolean open, String reason) {}
