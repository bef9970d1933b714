package ums.delivery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import ums.channel.Failure;

/** What follows an attempt. */
sealed interface Verdict {

    /** Somebody has it and nobody is left to try; those who were refused for good are told by the recipients. */
    record Sent() implements Verdict {}

    /** Somebody has not got it yet: another attempt, at that moment. */
    record Retry(Instant at, Failure error) implements Verdict {}

    /** The attempt says nothing about the message and does not count: back into the queue, until that moment. */
    record Release(Instant at, Failure error) implements Verdict {}

    /** Nobody has it and nobody is left to try. */
    record Failed(Failure error) implements Verdict {}

    /** A person decides. */
    record Review(Failure error) implements Verdict {}

    /** A rule forbids the attempt before it began, so that it does not count: a person decides. */
    record Forbidden(Failure error) implements Verdict {}

    /** When the message is due again, or null where the queue is done with it. */
    default @Nullable Instant due() {
        return switch (this) {
            case Retry it -> it.at();
            case Release it -> it.at();
            case Sent _, Failed _, Review _, Forbidden _ -> null;
        };
    }

    /** The same, but waiting no longer than for the message's expiry, which then ends it. */
    default Verdict notPast(@Nullable Instant expiresAt) {
        return switch (this) {
            case Retry it when expiresAt != null && it.at().isAfter(expiresAt) -> new Retry(expiresAt, it.error());
            case Release it when expiresAt != null && it.at().isAfter(expiresAt) -> new Release(expiresAt, it.error());
            case Sent _, Retry _, Release _, Failed _, Review _, Forbidden _ -> this;
        };
    }
}
