package ums.message;

import org.jspecify.annotations.Nullable;
import ums.channel.Content;

/**
 * A request to send.
 *
 * @param sender on whose behalf
 * @param channel by what, for instance {@code email}
 * @param content what, as the caller wrote it
 * @param options how
 * @param idempotency what makes a repetition one, or null where each request is a message of its own
 */
public record NewMessage(
        Sender sender,
        String channel,
        Content content,
        Options options,
        @Nullable Idempotency idempotency) {}
