package ums.provider.smtp;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The server that every e-mail goes to: a relay or provider from the configuration, or the built-in inbox.
 *
 * @param host its host name or address
 * @param port its TCP port
 * @param username for AUTH, or null for none
 * @param password for AUTH, or null for none
 * @param tls when a connection is encrypted
 * @param timeout how long connecting and each reply may take
 * @param maxConnections how many connections may be open at once
 * @param maxRecipients how many recipients one transaction names at most
 * @param preset whose server it is
 */
public record SmtpServer(
        String host,
        int port,
        @Nullable String username,
        @Nullable String password,
        Tls tls,
        Duration timeout,
        int maxConnections,
        int maxRecipients,
        SmtpPreset preset) {

    /** As many recipients as a message may have: RFC 5321 section 4.5.3.1.8 asks servers to take these at least. */
    public static final int MAX_RECIPIENTS = 100;

    /** A relay that takes any number of recipients. */
    public SmtpServer(
            String host,
            int port,
            @Nullable String username,
            @Nullable String password,
            Tls tls,
            Duration timeout,
            int maxConnections) {
        this(host, port, username, password, tls, timeout, maxConnections, MAX_RECIPIENTS, SmtpPreset.RELAY);
    }

    /** When a connection is encrypted. */
    public enum Tls {
        /** STARTTLS (RFC 3207) when the server offers it; the certificate is checked when a password is set. */
        AUTO,
        /** STARTTLS or nothing; the certificate is checked. */
        REQUIRED,
        /** TLS from the first byte (RFC 8314); the certificate is checked. */
        IMPLICIT,
        /** Never. */
        OFF
    }

    /** Leaves out the password, so that it cannot reach a log. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
