package ums.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import ums.channel.ErrorType;

/**
 * One entry of a message's timeline.
 *
 * @param type what happened: accepted, sent, deferred, failed, review, reclaimed, retried, resolved …
 * @param at when
 * @param attempt the attempt it belongs to, counted over the message's whole life, or null
 * @param errorType why, or null where nothing failed
 * @param phase the phase of the dialogue, or null
 * @param smtpCode the provider's code, or null
 * @param reply what the provider said, or else what happened, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TimelineEvent(
        String type,
        Instant at,
        @Nullable Integer attempt,
        @Nullable ErrorType errorType,
        @Nullable String phase,
        @Nullable Integer smtpCode,
        @Nullable String reply) {

    public TimelineEvent {
        reply = StorableText.of(reply);
    }

    /** An entry about which there is nothing more to say than that it happened. */
    public static TimelineEvent of(String type, Instant at, @Nullable Integer attempt) {
        return new TimelineEvent(type, at, attempt, null, null, null, null);
    }
}
