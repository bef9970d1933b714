package ums.access;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** Passwords as the configuration has them: in clear, or as {@code {bcrypt}$2a$10$…}. */
final class Passwords {

    /** BCrypt looks no further. */
    static final int MAX_BYTES = 72;

    private static final String PREFIX = "{bcrypt}";
    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(0[4-9]|[12][0-9]|3[01])\\$[./A-Za-z0-9]{53}");

    private Passwords() {}

    /** @throws IllegalArgumentException which names the property, and never repeats the password */
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

    /** The hash itself, made where the password is in clear. */
    static String hash(String password) {
        return isHash(password) ? password.substring(PREFIX.length()) : new BCryptPasswordEncoder().encode(password);
    }

    /** What a hash of this one costs, as the power of two that BCrypt calls strength. */
    static int strength(String hash) {
        return Integer.parseInt(hash.substring(4, 6));
    }
}
