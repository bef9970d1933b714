package ums.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import ums.channel.ErrorType;

/**
 * One entry of a message's timeline.
 *
 * @param type what happened: accepted, sent, deferred, failed, review, reclaimed, retried, resolved …
 * @param at when; where several are folded into one, the first of them
 * @param attempt the attempt it belongs to, counted over the message's whole life, or null
 * @param errorType why, or null where nothing failed
 * @param phase the phase of the dialogue, or null
 * @param smtpCode the provider's code, or null
 * @param reply what the provider said, or else what happened, or null
 * @param count how many equal ones in a row are folded into this one, or null where it is one
 * @param until when the last of them was, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TimelineEvent(
        String type,
        Instant at,
        @Nullable Integer attempt,
        @Nullable ErrorType errorType,
        @Nullable String phase,
        @Nullable Integer smtpCode,
        @Nullable String reply,
        @Nullable Integer count,
        @Nullable Instant until) {

    /** One that happened once. */
    public TimelineEvent(
            String type,
            Instant at,
            @Nullable Integer attempt,
            @Nullable ErrorType errorType,
            @Nullable String phase,
            @Nullable Integer smtpCode,
            @Nullable String reply) {
        this(type, at, attempt, errorType, phase, smtpCode, reply, null, null);
    }

    public TimelineEvent {
        reply = StorableText.of(reply);
    }

    /** An entry about which there is nothing more to say than that it happened. */
    public static TimelineEvent of(String type, Instant at, @Nullable Integer attempt) {
        return new TimelineEvent(type, at, attempt, null, null, null, null);
    }
}
