package ums.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import ums.channel.ErrorType;
import ums.channel.Failure;
import ums.provider.Provider.Availability;
import ums.queue.QueuePosition;

/**
 * Why a message is not sent yet.
 *
 * @param reason for programs
 * @param until when the reason ends by itself, or null if that is unknown
 * @param text for people; without addresses and content
 * @param since when the channel became unavailable, or null
 * @param ahead how many messages are before it in the queue, up to 10,000, or null if its position is unknown
 */
public record Waiting(
        Reason reason,
        @Nullable Instant until,
        String text,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant since,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer ahead) {

    private static final double NANOS = 1e9;

    /** Reasons to wait; the names are part of the API. */
    public enum Reason {
        /** Until {@code scheduledAt}. */
        SCHEDULED,
        /** Until its next attempt. */
        RETRY,
        /** Ready; others are before it in the queue. */
        QUEUED,
        /** No process that sends is running. */
        UNATTENDED,
        /** Ready; the channel's rate limits how fast the queue moves. */
        RATE,
        /** Its attempt is in progress. */
        SENDING,
        /** An operator has to decide. */
        REVIEW,
        /** Its channel is unavailable. */
        PROVIDER,
        /** Until a contact rule allows it. */
        POLICY
    }

    private Waiting(Reason reason, @Nullable Instant until, String text) {
        this(reason, until, text, null, null);
    }

    /**
     * Why a message is not sent yet, or null if it has ended.
     *
     * @param availability of the message's channel
     * @param rate the channel's limit in messages per second, if there is one
     * @param position of its queue entry; queried only if there is no other reason
     */
    static @Nullable Waiting of(
            Message message,
            Availability availability,
            OptionalDouble rate,
            Supplier<Optional<QueuePosition>> position,
            Instant now) {
        Message.Progress progress = message.progress();
        return switch (progress.status()) {
            case ACCEPTED, RETRY -> {
                Waiting notReady = notReady(message, availability, now);
                yield notReady == null ? queued(position.get(), rate, now) : notReady;
            }
            case PROCESSING -> new Waiting(Reason.SENDING, null, "It is being sent.");
            case MANUAL_REVIEW ->
                new Waiting(
                        Reason.REVIEW,
                        null,
                        "A person decides, as after "
                                + (progress.attemptCount() == 1 ? "1 attempt " : progress.attemptCount() + " attempts ")
                                + words(progress.lastError()) + ".");
            case SENT, FAILED, CANCELED, EXPIRED -> null;
        };
    }

    private static @Nullable Waiting notReady(Message message, Availability availability, Instant now) {
        Instant scheduledAt = message.options().scheduledAt();
        Instant expiresAt = message.options().expiresAt();
        Instant next = message.progress().nextAttemptAt();
        if (expiresAt != null && !expiresAt.isAfter(now)) {
            return new Waiting(Reason.QUEUED, null, "It has expired and will not be sent; its status follows shortly.");
        }
        // Before an unavailable channel: a message that is not due would wait anyway.
        if (message.progress().status() == MessageStatus.ACCEPTED && scheduledAt != null && scheduledAt.isAfter(now)) {
            return new Waiting(Reason.SCHEDULED, scheduledAt, "It is scheduled for " + scheduledAt + ".");
        }
        Instant again =
                message.progress().status() == MessageStatus.RETRY && next != null && next.isAfter(now) ? next : null;
        Failure error = message.progress().lastError();
        if (again != null && error != null && error.type() == ErrorType.POLICY) {
            return new Waiting(
                    Reason.POLICY,
                    again,
                    "A contact rule holds it: " + words(error)
                            + (again.equals(expiresAt) ? "; it expires before." : "."));
        }
        if (!availability.available()) {
            return new Waiting(Reason.PROVIDER, null, unavailable(availability), availability.since(), null);
        }
        if (again != null) {
            String then = again.equals(expiresAt)
                    ? "it expires before another attempt."
                    : "it is tried again at " + again + ".";
            return new Waiting(
                    Reason.RETRY, again, "Its last attempt did not get through: " + words(error) + "; " + then);
        }
        return null;
    }

    private static Waiting queued(Optional<QueuePosition> position, OptionalDouble rate, Instant now) {
        if (position.isEmpty()) {
            return new Waiting(Reason.QUEUED, null, "It will be sent as soon as its turn comes.");
        }
        int ahead = position.get().ahead();
        boolean more = ahead >= QueuePosition.MOST_COUNTED;
        String line = (more ? "More than " + ahead : "About " + ahead) + " messages are before it";
        if (!position.get().attended()) {
            return new Waiting(Reason.UNATTENDED, null, "No process that sends is running. " + line + ".", null, ahead);
        }
        if (rate.isPresent() && ahead >= rate.getAsDouble()) {
            Instant until = more ? null : now.plusNanos(Math.round(ahead / rate.getAsDouble() * NANOS));
            String limit = "The channel sends no more than " + rate.getAsDouble() + " recipients a second. ";
            return new Waiting(Reason.RATE, until, limit + line + ".", null, ahead);
        }
        String text = ahead == 0 ? "It is the next to be sent." : line + "; it will be sent as soon as its turn comes.";
        return new Waiting(Reason.QUEUED, null, text, null, ahead);
    }

    private static String unavailable(Availability availability) {
        return "Its channel takes no messages now"
                + (availability.since() == null ? "" : " (since " + availability.since() + ")")
                + (availability.reason().isEmpty() ? "." : ": " + availability.reason());
    }

    /** From the type only, as the provider's words may repeat an address. */
    private static String words(@Nullable Failure error) {
        if (error == null) {
            return "the reason is not known";
        }
        // A rule's words are UMS's own.
        return error.type() == ErrorType.POLICY && error.text() != null ? error.text() : words(error.type());
    }

    private static String words(ErrorType type) {
        return switch (type) {
            case DEFERRED -> "the provider did not take it for now";
            case REJECTED -> "the provider refused it";
            case CONNECTION -> "the connection to the provider failed";
            case TIMEOUT -> "the provider did not answer in time";
            case UNKNOWN_OUTCOME -> "nobody can know whether the provider took it";
            case AUTHENTICATION -> "the provider refused the service's credentials or TLS";
            case ACCOUNT -> "the provider refused the service's account or its sender";
            case INVALID -> "it cannot be sent as it is";
            case POLICY -> "a contact rule forbids it";
            case PROVIDER_GONE -> "the provider that may have it takes none any more";
        };
    }
}
