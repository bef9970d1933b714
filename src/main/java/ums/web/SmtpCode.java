package ums.web;

import org.jspecify.annotations.Nullable;

/** A stored code as API and log show it: as a number. */
public final class SmtpCode {

    private static final int DIGITS = 3;

    private SmtpCode() {}

    /** The reply code (RFC 5321 section 4.2), or null where the text is not one. */
    public static @Nullable Integer of(@Nullable String code) {
        return code != null && code.length() == DIGITS && code.chars().allMatch(it -> it >= '0' && it <= '9')
                ? Integer.valueOf(code)
                : null;
    }
}
