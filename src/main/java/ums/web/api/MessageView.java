package ums.web.api;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import ums.channel.Content;
import ums.channel.ErrorType;
import ums.channel.Failure;
import ums.message.Message;
import ums.message.MessageStatus;
import ums.message.OnUnknown;
import ums.message.Options;
import ums.message.Purpose;
import ums.message.RecipientState;
import ums.message.Waiting;
import ums.queue.Priority;
import ums.web.SmtpCode;

/**
 * A message in the API: its content and its progress.
 *
 * @param content the fields of the channel's form, beside the others
 */
public record MessageView(
        UUID id,
        MessageStatus status,
        String channel,
        @JsonAnyGetter Map<String, Object> content,
        @Nullable String reference,
        Map<String, String> tags,
        Purpose purpose,
        Priority priority,
        @Nullable Instant scheduledAt,
        @Nullable Instant expiresAt,
        @Nullable OnUnknown onUnknown,
        @Nullable String provider,
        int attemptCount,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant processingStartedAt,
        @Nullable Instant nextAttemptAt,
        @Nullable Instant sentAt,
        @Nullable LastErrorView lastError,
        List<RecipientView> recipients,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Waiting waiting) {

    /** The complete message, with the reason why it still waits or null. */
    public static MessageView whole(Message message, @Nullable Waiting waiting) {
        return of(message, true, waiting);
    }

    /** Without the parts of the content that can be long. */
    public static MessageView brief(Message message) {
        return of(message, false, null);
    }

    private static MessageView of(Message message, boolean whole, @Nullable Waiting waiting) {
        Content content = message.content();
        Options options = message.options();
        Message.Progress progress = message.progress();
        return new MessageView(
                message.id(),
                progress.status(),
                message.channel(),
                content == null ? Map.of() : content.view(whole),
                options.reference(),
                options.tags(),
                options.purpose(),
                options.priority(),
                options.scheduledAt(),
                options.expiresAt(),
                options.onUnknown(),
                progress.provider(),
                progress.attemptCount(),
                progress.createdAt(),
                progress.updatedAt(),
                progress.processingStartedAt(),
                progress.nextAttemptAt(),
                progress.sentAt(),
                progress.lastError() == null ? null : LastErrorView.of(progress.lastError()),
                message.recipients().stream().map(RecipientView::of).toList(),
                waiting);
    }

    /** Why the last failed attempt failed. */
    public record LastErrorView(
            ErrorType type,
            @Nullable String provider,
            @Nullable String code,
            @Nullable Integer smtpCode,
            @Nullable String phase,
            @Nullable String message) {

        private static LastErrorView of(Failure failure) {
            return new LastErrorView(
                    failure.type(),
                    failure.provider(),
                    failure.code(),
                    SmtpCode.of(failure.code()),
                    failure.phase(),
                    failure.text());
        }
    }

    /** A recipient and its delivery status. */
    public record RecipientView(
            String address,
            String kind,
            RecipientState.Status status,
            @Nullable String provider,
            @Nullable String code,
            @Nullable Integer smtpCode,
            @Nullable String reply,
            @Nullable Instant at) {

        private static RecipientView of(RecipientState state) {
            return new RecipientView(
                    state.address(),
                    state.kind().name().toLowerCase(Locale.ROOT),
                    state.status(),
                    state.provider(),
                    state.code(),
                    SmtpCode.of(state.code()),
                    state.reply(),
                    state.at());
        }
    }
}
