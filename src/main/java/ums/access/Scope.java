package ums.access;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What an API key may do. */
public enum Scope {
    /** Send and cancel messages, apply for loans and send them events. */
    SEND,
    /** Read messages and loans. */
    READ,
    TEMPLATES,
    SUPPRESSIONS,
    WEBHOOKS;

    /** The scopes of a key that names none. */
    public static final Set<Scope> ALL = Collections.unmodifiableSet(EnumSet.allOf(Scope.class));

    /** The scope as the API writes it, or empty if there is none of that code. */
    public static Optional<Scope> of(String code) {
        return Arrays.stream(values()).filter(it -> it.code().equals(code)).findFirst();
    }

    /** The scope as the API writes it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
