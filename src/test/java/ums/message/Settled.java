package ums.message;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import ums.channel.Failure;
import ums.channel.email.EmailContent;
import ums.message.MessageEvents.AttemptSettled;
import ums.queue.Claim;

/** Attempts that were settled just now, for observers and settlement steps. */
public final class Settled {

    private static final EmailContent CONTENT = new EmailContent(
            null, List.of("kim@example.com"), List.of(), List.of(), null, "A subject", "A text", null, Map.of());

    private Settled() {}

    /**
     * One of an e-mail of the client {@code shop}.
     *
     * @param attempt which one it was
     * @param error why it failed, or null
     * @param next when the next one is due, or null
     */
    public static AttemptSettled one(
            UUID id, MessageStatus status, int attempt, @Nullable Failure error, @Nullable Instant next) {
        Instant now = Instant.now();
        Claim claim = new Claim(1, id, "email", UUID.randomUUID(), attempt, now, "a");
        LoadedMessage message = new LoadedMessage(
                id,
                "shop",
                false,
                Purpose.NORMAL,
                attempt,
                now,
                now,
                null,
                null,
                null,
                List.of(),
                CONTENT,
                0,
                List.of(),
                null);
        MessageUpdate update = new MessageUpdate(
                id, status, now, null, error, next, TimelineEvent.of("settled", now, attempt), now, true);
        return new AttemptSettled(claim, message, update, false);
    }
}
