package ums.channel;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * One attempt, as the dispatcher hands it to a channel.
 *
 * @param messageId the message's id; every id shown to the provider derives from it, so that all attempts carry the
 *     same one
 * @param date when the message was ready to be sent (RFC 5322 section 3.6.1): when it was accepted, or the later moment
 *     for which it is scheduled; the same at every attempt
 * @param content the content to send
 * @param recipients the recipients still to be sent to; no others may be named in the envelope; at least one
 * @param mayFinish called once, right before the provider could take the message; false calls the attempt off. May
 *     block for as long as the database takes
 * @param test true for a test key's message: it goes to the inbox and never leaves the machine
 */
public record Delivery(
        UUID messageId,
        Instant date,
        Content content,
        List<Recipient> recipients,
        BooleanSupplier mayFinish,
        boolean test) {}
