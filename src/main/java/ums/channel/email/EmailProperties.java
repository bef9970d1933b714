package ums.channel.email;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The settings {@code ums.email.*} of the channel.
 *
 * @param from the sender of a message without one, with or without a display name; default: unset
 */
@ConfigurationProperties("ums.email")
public record EmailProperties(@Nullable String from) {

    /** An empty value means unset, as it comes from an empty environment variable. */
    public EmailProperties {
        from = from == null || from.isBlank() ? null : from;
    }
}
