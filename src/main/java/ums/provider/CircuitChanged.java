package ums.provider;

/**
 * Published when the circuit of a provider opens or closes. Listeners run on the thread that changed it, in the order of
 * the changes, and must not block.
 *
 * @param provider the account's id
 * @param endpoint where its messages go, for people
 * @param open true where messages wait from now on, false where they can be sent again
 * @param reason the error that opened it, for people; empty when it closes
 */
public record CircuitChanged(String provider, String endpoint, boolean open, String reason) {}
