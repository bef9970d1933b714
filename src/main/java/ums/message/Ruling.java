package ums.message;

import java.time.Instant;

/** What a {@link SendingRule} says about an attempt. */
public sealed interface Ruling {

    /** No rule is in the way, ever. */
    Ruling ALWAYS = new Allowed(Instant.MAX);

    /** It may be sent, if that is done before {@code until}. */
    record Allowed(Instant until) implements Ruling {}

    /**
     * It waits until then, at no attempt.
     *
     * @param why for people, without addresses
     */
    record Waits(Instant until, String why) implements Ruling {}

    /**
     * Waiting would not help: a person decides.
     *
     * @param why for people, without addresses
     */
    record Forbidden(String why) implements Ruling {}
}
