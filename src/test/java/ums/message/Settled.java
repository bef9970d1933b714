package ums.message;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import ums.channel.Failure;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageEvents.AttemptsSettled;

/** Attempts that ended just now, for those who listen. */
public final class Settled {

    private Settled() {}

    /**
     * One of an e-mail of the client {@code shop}.
     *
     * @param attempt which one it was
     * @param error why it failed, or null
     * @param next when the next one is due, or null
     */
    public static AttemptsSettled one(
            UUID id, MessageStatus status, int attempt, @Nullable Failure error, @Nullable Instant next) {
        Instant now = Instant.now();
        return new AttemptsSettled(List.of(new AttemptSettled(
                id,
                1,
                "shop",
                "email",
                status,
                attempt,
                now,
                now,
                now,
                next,
                null,
                error,
                status.ended() ? error : null,
                Purpose.NORMAL,
                false)));
    }
}
