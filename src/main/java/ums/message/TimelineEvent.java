package ums.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import ums.channel.Failure;
import ums.channel.StorableText;

/**
 * An event of a message's timeline.
 *
 * @param type accepted, sent, deferred, failed, review, reclaimed, retried, resolved …
 * @param at when; for folded events, the first of them
 * @param attempt the attempt it belongs to, counted over the message's whole life, or null
 * @param error why the attempt failed, or null if nothing failed; its type is null if a later version wrote one that this
 *     version does not know
 * @param code the provider's code if nothing failed, or null
 * @param reply the provider's words if nothing failed, or the decision, or null
 * @param count how many equal events in a row are folded into this one, or null for a single event
 * @param until when the last of them was, or null
 * @param provider the id of the account that answered if nothing failed, or null
 */
public record TimelineEvent(
        String type,
        Instant at,
        @Nullable Integer attempt,
        @Nullable Failure error,
        @Nullable String code,
        @Nullable String reply,
        @Nullable Integer count,
        @Nullable Instant until,
        @Nullable String provider) {

    public TimelineEvent {
        reply = StorableText.of(reply);
    }

    /** An event without details. */
    public static TimelineEvent of(String type, Instant at, @Nullable Integer attempt) {
        return replied(type, at, attempt, null, null);
    }

    /** An attempt that failed. */
    public static TimelineEvent failed(String type, Instant at, int attempt, Failure error) {
        return new TimelineEvent(type, at, attempt, error, null, null, null, null, null);
    }

    /** The same at an account. */
    public TimelineEvent at(@Nullable String account) {
        return new TimelineEvent(type, at, attempt, error, code, reply, count, until, account);
    }

    /** An event with a reply or a decision. */
    public static TimelineEvent replied(
            String type, Instant at, @Nullable Integer attempt, @Nullable String code, @Nullable String reply) {
        return new TimelineEvent(type, at, attempt, null, code, reply, null, null, null);
    }
}
