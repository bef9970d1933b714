package ums.message;

import org.jspecify.annotations.Nullable;
import ums.channel.Content;

/**
 * A request to send.
 *
 * @param sender the client and its rights
 * @param channel the name of a channel of this process, for instance {@code email}
 * @param content the content as the caller wrote it, read by the channel's form
 * @param options the options
 * @param idempotency the idempotency key, or null
 * @param provider the id of the only account that may have it, or null for any on the channel's route
 */
public record NewMessage(
        Sender sender,
        String channel,
        Content content,
        Options options,
        @Nullable Idempotency idempotency,
        @Nullable String provider) {

    /** A request that leaves the choice of the provider to the route. */
    public NewMessage(
            Sender sender, String channel, Content content, Options options, @Nullable Idempotency idempotency) {
        this(sender, channel, content, options, idempotency, null);
    }
}
