package ums.channel;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * One attempt, as the dispatcher hands it to a provider.
 *
 * @param messageId the message's id; every id shown to the provider derives from it, so that all attempts carry the
 *     same one
 * @param date when the message was ready to be sent (RFC 5322 section 3.6.1): when it was accepted, or the later moment
 *     for which it is scheduled; the same at every attempt
 * @param content the content to send
 * @param recipients the recipients still to be sent to; no others may be named to the provider; at least one
 * @param deadline the value of {@link System#nanoTime()} at which the attempt is cut off
 * @param commit called once, right before the point of no return, from which on the provider could have the message; false
 *     calls the attempt off. May block for as long as the database takes
 * @param <C> the channel's content
 */
public record Delivery<C extends Content>(
        UUID messageId, Instant date, C content, List<Recipient> recipients, long deadline, BooleanSupplier commit) {

    /** The same for some of its recipients. */
    public Delivery<C> to(List<Recipient> some) {
        return new Delivery<>(messageId, date, content, some, deadline, commit);
    }
}
