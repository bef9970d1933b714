package ums.message;

import org.jspecify.annotations.Nullable;
import ums.channel.ErrorType;

/**
 * Why the last failed attempt failed.
 *
 * @param type the kind
 * @param smtpCode the provider's code, where it answered
 * @param phase the phase of the dialogue, where there was one
 * @param message what the provider said or what happened, for people
 */
public record LastError(
        ErrorType type,
        @Nullable Integer smtpCode,
        @Nullable String phase,
        @Nullable String message) {

    public LastError {
        message = StorableText.of(message);
    }
}
