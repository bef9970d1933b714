package ums.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import ums.channel.ErrorType;
import ums.channel.Failure;
import ums.channel.MessageSender.Availability;
import ums.queue.QueuePosition;

/**
 * Why a message is not sent yet.
 *
 * @param reason for programs
 * @param until when that ends by itself, or null where nobody can know
 * @param text for people; without addresses and content
 * @param since since when the provider takes no messages, or null
 * @param ahead how many messages are before it in the queue, up to 10,000, or null where it does not stand there
 */
public record Waiting(
        Reason reason,
        @Nullable Instant until,
        String text,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant since,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer ahead) {

    private static final double NANOS = 1e9;

    /** What a message can wait for. */
    public enum Reason {
        /** Its {@code scheduledAt}. */
        SCHEDULED,
        /** Its next attempt. */
        RETRY,
        /** Its turn. */
        QUEUED,
        /** A process that sends: none is running. */
        UNATTENDED,
        /** Its turn, which comes no sooner than the channel's rate lets it. */
        RATE,
        /** Its attempt, which is under way. */
        SENDING,
        /** A person's decision. */
        REVIEW,
        /** A provider that takes messages again. */
        PROVIDER,
        /** An hour at which a contact rule lets it go. */
        POLICY
    }

    private Waiting(Reason reason, @Nullable Instant until, String text) {
        this(reason, until, text, null, null);
    }

    /**
     * Why a message is not sent, or null where it is, or never will be.
     *
     * @param availability of the message's channel
     * @param rate how many messages a second the channel may send, if that is limited
     * @param place where its order stands in the queue, asked only where nothing else is in the way
     */
    static @Nullable Waiting of(
            Message message,
            Availability availability,
            OptionalDouble rate,
            Supplier<Optional<QueuePosition>> place,
            Instant now) {
        Message.Progress progress = message.progress();
        return switch (progress.status()) {
            case ACCEPTED, RETRY -> {
                Waiting inTheWay = inTheWay(message, availability, now);
                yield inTheWay == null ? inLine(place.get(), rate, now) : inTheWay;
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

    private static @Nullable Waiting inTheWay(Message message, Availability availability, Instant now) {
        Instant scheduledAt = message.options().scheduledAt();
        Instant expiresAt = message.options().expiresAt();
        Instant next = message.progress().nextAttemptAt();
        if (expiresAt != null && !expiresAt.isAfter(now)) {
            return new Waiting(Reason.QUEUED, null, "It has expired and will not be sent; its status follows shortly.");
        }
        // The provider is not what holds up a message whose time has not come.
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

    private static Waiting inLine(Optional<QueuePosition> place, OptionalDouble rate, Instant now) {
        if (place.isEmpty()) {
            return new Waiting(Reason.QUEUED, null, "It will be sent as soon as its turn comes.");
        }
        int ahead = place.get().ahead();
        boolean more = ahead >= QueuePosition.MOST_COUNTED;
        String line = (more ? "More than " + ahead : "About " + ahead) + " messages are before it";
        if (!place.get().attended()) {
            return new Waiting(Reason.UNATTENDED, null, "No process that sends is running. " + line + ".", null, ahead);
        }
        if (rate.isPresent() && ahead >= rate.getAsDouble()) {
            Instant until = more ? null : now.plusNanos(Math.round(ahead / rate.getAsDouble() * NANOS));
            String limit = "The channel sends no more than " + rate.getAsDouble() + " messages a second. ";
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

    /** By the kind alone: what the provider said may repeat an address. */
    private static String words(@Nullable Failure error) {
        if (error == null) {
            return "the reason is not known";
        }
        // Of a rule the words are our own.
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
            case INVALID -> "it cannot be sent as it is";
            case POLICY -> "a contact rule forbids it";
        };
    }
}
