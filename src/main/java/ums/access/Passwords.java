package ums.access;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** Configured passwords, in clear or as {@code {bcrypt}$2a$10$…}. */
final class Passwords {

    /** BCrypt uses no more bytes. */
    static final int MAX_BYTES = 72;

    private static final String PREFIX = "{bcrypt}";
    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(0[4-9]|[12][0-9]|3[01])\\$[./A-Za-z0-9]{53}");

    private Passwords() {}

    /** @throws IllegalArgumentException if the password is invalid; the message names the property and not the password */
    static void check(String property, @Nullable String password) {
        if (password == null || password.isBlank()) {
            throw new IllegalArgumentException(property + " is missing");
        }
        if (isHash(password)) {
            if (!BCRYPT.matcher(password.substring(PREFIX.length())).matches()) {
                throw new IllegalArgumentException(property + " begins with {bcrypt} and is no BCrypt hash");
            }
        } else if (password.startsWith("{argon2}")) {
            throw new IllegalArgumentException(property + " is an Argon2 hash; only {bcrypt} hashes are understood");
        } else if (password.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new IllegalArgumentException(property + " must be at most " + MAX_BYTES + " bytes long");
        }
    }

    static boolean isHash(String password) {
        return password.startsWith(PREFIX);
    }

    /** The BCrypt hash of a password in clear, or the configured hash. */
    static String hash(String password) {
        return isHash(password) ? password.substring(PREFIX.length()) : new BCryptPasswordEncoder().encode(password);
    }

    /** BCrypt's strength of a hash: computing it takes 2 to the power of this many rounds. */
    static int strength(String hash) {
        return Integer.parseInt(hash.substring(4, 6));
    }
}
