package ums.delivery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import ums.channel.Failure;
import ums.message.MessageStatus;

/** What follows an attempt. */
sealed interface Verdict {

    /** A recipient has the message and none is pending; refusals are in the recipients' states. */
    record Sent() implements Verdict {

        @Override
        public @Nullable Failure error() {
            return null;
        }
    }

    /** A recipient is pending: another attempt, at that time. */
    record Retry(Instant at, Failure error) implements Verdict {}

    /** The attempt says nothing about the message and does not count: the entry waits until that time. */
    record Release(Instant at, Failure error) implements Verdict {}

    /** No recipient has the message and none is pending. */
    record Failed(Failure error) implements Verdict {}

    /** An operator decides. */
    record Review(Failure error) implements Verdict {}

    /** A rule forbids the attempt before it begins, so that it does not count: an operator decides. */
    record Forbidden(Failure error) implements Verdict {}

    /** Why the message is not sent, or null where it is. */
    @Nullable Failure error();

    /** The message's status after it. */
    default MessageStatus status() {
        return switch (this) {
            case Sent _ -> MessageStatus.SENT;
            case Retry _, Release _ -> MessageStatus.RETRY;
            case Failed _ -> MessageStatus.FAILED;
            case Review _, Forbidden _ -> MessageStatus.MANUAL_REVIEW;
        };
    }

    /** When the message is due again, or null where its queue entry is done. */
    default @Nullable Instant due() {
        return switch (this) {
            case Retry it -> it.at();
            case Release it -> it.at();
            case Sent _, Failed _, Review _, Forbidden _ -> null;
        };
    }

    /** Whether the attempt counts. */
    default boolean counts() {
        return switch (this) {
            case Release _, Forbidden _ -> false;
            case Sent _, Retry _, Failed _, Review _ -> true;
        };
    }

    /** The same, but due at the message's expiry at the latest; the expiry then ends the message. */
    default Verdict notPast(@Nullable Instant expiresAt) {
        return switch (this) {
            case Retry it when expiresAt != null && it.at().isAfter(expiresAt) -> new Retry(expiresAt, it.error());
            case Release it when expiresAt != null && it.at().isAfter(expiresAt) -> new Release(expiresAt, it.error());
            case Sent _, Retry _, Release _, Failed _, Review _, Forbidden _ -> this;
        };
    }
}
