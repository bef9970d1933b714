package ums.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import ums.channel.Failure;
import ums.channel.StorableText;

/**
 * One entry of a message's timeline.
 *
 * @param type what happened: accepted, sent, deferred, failed, review, reclaimed, retried, resolved …
 * @param at when; where several are folded into one, the first of them
 * @param attempt the attempt it belongs to, counted over the message's whole life, or null
 * @param error why the attempt failed, or null where nothing failed; its type is null where a later version wrote one that
 *     this one does not know
 * @param code the provider's code where nothing failed, or null
 * @param reply the provider's words where nothing failed, or the decision, or null
 * @param count how many equal ones in a row are folded into this one, or null where it is one
 * @param until when the last of them was, or null
 */
public record TimelineEvent(
        String type,
        Instant at,
        @Nullable Integer attempt,
        @Nullable Failure error,
        @Nullable String code,
        @Nullable String reply,
        @Nullable Integer count,
        @Nullable Instant until) {

    public TimelineEvent {
        reply = StorableText.of(reply);
    }

    /** An entry about which there is nothing more to say than that it happened. */
    public static TimelineEvent of(String type, Instant at, @Nullable Integer attempt) {
        return replied(type, at, attempt, null, null);
    }

    /** An attempt that failed. */
    public static TimelineEvent failed(String type, Instant at, int attempt, Failure error) {
        return new TimelineEvent(type, at, attempt, error, null, null, null, null);
    }

    /** An entry without a failure. */
    public static TimelineEvent replied(
            String type, Instant at, @Nullable Integer attempt, @Nullable String code, @Nullable String reply) {
        return new TimelineEvent(type, at, attempt, null, code, reply, null, null);
    }
}
