package ums.channel.email;

import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings {@code ums.email.*}.
 *
 * @param from the sender of a message without one, with or without a display name; default: unset
 * @param smtp the server that every e-mail goes to
 */
@Validated
@ConfigurationProperties("ums.email")
public record EmailProperties(
        @Nullable String from, @DefaultValue @Valid Smtp smtp) {

    /** An empty value means unset, as it comes from an empty environment variable. */
    public EmailProperties {
        from = emptyToNull(from);
    }

    /**
     * The settings {@code ums.email.smtp.*}.
     *
     * @param host the server's name or address; default: unset, which means the built-in inbox
     * @param port its TCP port; default: 25, with implicit TLS 465
     * @param username for AUTH; default: unset, which means no AUTH
     * @param password for AUTH; needed with a username, and with a username only
     * @param tls when the connection is encrypted: {@code auto} (the default), {@code required}, {@code implicit} or
     *     {@code off}
     * @param timeout how long connecting and each reply may take; default: 60 seconds
     * @param maxConnections how many connections may be open at once; default: 64
     * @param rate the rate limit in messages per second; default: unset, which means no limit
     */
    public record Smtp(
            @Nullable String host,
            @Min(1) @Max(65_535) @Nullable Integer port,
            @Nullable String username,
            @Nullable String password,
            @DefaultValue("auto") SmtpServer.Tls tls,
            @DefaultValue("60s") @DurationMin(millis = 1) Duration timeout,
            @DefaultValue("64") @Min(1) int maxConnections,

            @DecimalMin(value = "0", inclusive = false) @Nullable Double rate) {

        private static final int SMTP_PORT = 25;
        private static final int SMTPS_PORT = 465;

        /** An empty value means unset, as it comes from an empty environment variable. */
        public Smtp {
            host = emptyToNull(host);
            username = emptyToNull(username);
            password = emptyToNull(password);
        }

        /**
         * A username without a password, or the reverse, is a mistake that would else show up only at the first
         * message.
         */
        @AssertTrue(message = "ums.email.smtp.username and ums.email.smtp.password are set together or not at all") boolean isUsernameWithPassword() {
            return (username == null) == (password == null);
        }

        /** The server of these settings, or null where no host is set. */
        @Nullable SmtpServer server() {
            if (host == null) {
                return null;
            }
            int standard = tls == SmtpServer.Tls.IMPLICIT ? SMTPS_PORT : SMTP_PORT;
            return new SmtpServer(
                    host, port == null ? standard : port, username, password, tls, timeout, maxConnections);
        }

        /** Leaves out the password, so that it cannot reach a log. */
        @Override
        public String toString() {
            return "Smtp[host=" + host + ", port=" + port + ", username=" + username + ", tls=" + tls + ", timeout="
                    + timeout + ", maxConnections=" + maxConnections + ", rate=" + rate + "]";
        }
    }

    private static @Nullable String emptyToNull(@Nullable String value) {
        return value == null || value.isBlank() ? null : value;
    }
}
