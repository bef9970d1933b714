package ums.channel;

import org.jspecify.annotations.Nullable;

/**
 * Why an attempt failed.
 *
 * @param type its kind
 * @param code the provider's code as it writes it, for e-mail the three digits; null where it did not answer
 * @param phase the phase of the dialogue, or null where there was none
 * @param text the provider's words or a description of the error, for people, or null; kept as {@link StorableText} has it
 * @param provider the id of the account that answered, or null
 */
public record Failure(
        ErrorType type,
        @Nullable String code,
        @Nullable String phase,
        @Nullable String text,
        @Nullable String provider) {

    /** A failure at no provider. */
    public Failure(ErrorType type, @Nullable String code, @Nullable String phase, @Nullable String text) {
        this(type, code, phase, text, null);
    }

    public Failure {
        text = StorableText.of(text);
    }

    /** A failure that no provider's answer caused. */
    public static Failure of(ErrorType type, String text) {
        return new Failure(type, null, null, text);
    }
}
