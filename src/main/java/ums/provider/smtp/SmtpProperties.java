package ums.provider.smtp;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of an account at an SMTP server: {@code ums.providers.<id>.*}, or {@code ums.email.smtp.*} for the one named
 * {@code smtp}.
 *
 * @param host the server's name or address
 * @param port its TCP port; default: 25, with implicit TLS 465
 * @param username for AUTH; default: unset, which means no AUTH
 * @param password for AUTH; needed with a username, and with a username only
 * @param tls when the connection is encrypted: {@code auto} (the default), {@code required}, {@code implicit} or
 *     {@code off}
 * @param timeout how long connecting and each reply may take; default: 60 seconds
 * @param maxConnections how many connections may be open at once; default: 64
 * @param maxRecipients how many recipients one transaction names at most; a message with more is sent in several; default: 100,
 *     which is as many as a message may have
 * @param preset whose server it is: {@code relay} (the default), {@code ses}, {@code postmark}, {@code sendgrid}, {@code
 *     mailgun} or {@code resend}
 */
public record SmtpProperties(
        @Nullable String host,
        @Min(1) @Max(65_535) @Nullable Integer port,
        @Nullable String username,
        @Nullable String password,
        @DefaultValue("auto") SmtpServer.Tls tls,
        @DefaultValue("60s") @DurationMin(millis = 1) Duration timeout,
        @DefaultValue("64") @Min(1) int maxConnections,
        @DefaultValue("100") @Min(1) @Max(100) int maxRecipients,
        @DefaultValue("relay") SmtpPreset preset) {

    private static final int SMTP_PORT = 25;
    private static final int SMTPS_PORT = 465;

    /** An empty value means unset, as it comes from an empty environment variable. */
    public SmtpProperties {
        host = emptyToNull(host);
        username = emptyToNull(username);
        password = emptyToNull(password);
    }

    /**
     * A username without a password, or the reverse, is a mistake that would else show up only at the first
     * message.
     */
    @AssertTrue(message = "username and password are set together or not at all") boolean isUsernameWithPassword() {
        return (username == null) == (password == null);
    }

    /** @throws IllegalArgumentException where no host is set */
    SmtpServer server() {
        if (host == null) {
            throw new IllegalArgumentException("its host is missing");
        }
        int standard = tls == SmtpServer.Tls.IMPLICIT ? SMTPS_PORT : SMTP_PORT;
        return new SmtpServer(
                host,
                port == null ? standard : port,
                username,
                password,
                tls,
                timeout,
                maxConnections,
                maxRecipients,
                preset);
    }

    /** Leaves out the password, so that it cannot reach a log. */
    @Override
    public String toString() {
        return "SmtpProperties[host=" + host + ", port=" + port + ", username=" + username + ", tls=" + tls
                + ", timeout=" + timeout + ", maxConnections=" + maxConnections + ", maxRecipients=" + maxRecipients
                + ", preset="
                + preset + "]";
    }

    private static @Nullable String emptyToNull(@Nullable String value) {
        return value == null || value.isBlank() ? null : value;
    }
}
