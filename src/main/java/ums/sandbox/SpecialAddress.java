package ums.sandbox;

import java.util.Locale;
import java.util.Map;

/**
 * What the inbox does with a recipient. Those at a few reserved domains (RFC 2606 section 2) let callers try outcomes that a
 * message seldom has; a channel with other addresses has a table of its own.
 */
enum SpecialAddress {
    /** The inbox takes the message. */
    NONE(0, ""),
    /** The inbox takes the message and never says so: the outcome of the whole transaction is unknown. */
    UNKNOWN(0, ""),
    /** The inbox says "not now" for this recipient. */
    DEFERRED(450, "4.2.1 Not now, as its domain says"),
    /** The inbox says "never" for this recipient. */
    REJECTED(550, "5.1.1 No such recipient, as its domain says");

    private static final Map<String, SpecialAddress> DOMAINS =
            Map.of("unknown.test", UNKNOWN, "deferred.test", DEFERRED, "rejected.test", REJECTED);

    private final int code;
    private final String text;

    SpecialAddress(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** The behaviour towards a recipient of a channel. */
    static SpecialAddress of(String channel, String address) {
        if (!channel.equals("email")) {
            return NONE;
        }
        String domain = address.substring(address.lastIndexOf('@') + 1);
        return DOMAINS.getOrDefault(domain.toLowerCase(Locale.ROOT), NONE);
    }

    /** The code of the refusal. */
    int code() {
        return code;
    }

    /** The words of the refusal. */
    String text() {
        return text;
    }
}
