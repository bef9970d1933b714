package ums.web.admin;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import ums.channel.ErrorType;
import ums.failure.SendFailure;
import ums.web.SmtpCode;

/** A failure in the API. */
record FailureView(
        UUID id,
        UUID messageId,
        long outboxId,
        ErrorType errorType,
        @Nullable String provider,
        @Nullable String code,
        @Nullable Integer smtpCode,
        @Nullable String errorMessage,
        int attemptCount,
        Instant occurredAt,
        boolean handled,
        @Nullable String handledBy,
        @Nullable Instant handledAt,
        @Nullable String resolution) {

    static FailureView of(SendFailure it) {
        return new FailureView(
                it.id(),
                it.messageId(),
                it.outboxId(),
                it.error().type(),
                it.error().provider(),
                it.error().code(),
                SmtpCode.of(it.error().code()),
                it.error().text(),
                it.attemptCount(),
                it.occurredAt(),
                it.handled(),
                it.handledBy(),
                it.handledAt(),
                it.resolution());
    }
}
