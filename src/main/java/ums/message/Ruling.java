package ums.message;

import java.time.Instant;

/** The decision of a {@link SendingRule} about an attempt. */
public sealed interface Ruling {

    /** It may be sent at any time. */
    Ruling ALWAYS = new Allowed(Instant.MAX);

    /** It may be sent, if that is done before {@code until}. */
    record Allowed(Instant until) implements Ruling {}

    /**
     * It waits until then, without counting an attempt.
     *
     * @param why the reason, for people, without addresses
     */
    record Waits(Instant until, String why) implements Ruling {}

    /**
     * Waiting does not help: an operator decides.
     *
     * @param why the reason, for people, without addresses
     */
    record Forbidden(String why) implements Ruling {}
}
