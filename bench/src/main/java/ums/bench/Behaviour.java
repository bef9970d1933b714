package ums.bench;

import java.util.Arrays;
import java.util.List;

/**
 * How the SMTP server treats one transaction, or a connection's beginning. None refuses a recipient permanently, as every
 * message must end as SENT.
 */
enum Behaviour {
    ORDERLY,
    UNAVAILABLE_AT_GREETING,
    GARBAGE_AT_GREETING,
    SILENT_AT_GREETING,
    SILENT_AT_MAIL,
    DEFER_AT_RCPT,
    UNAVAILABLE_AT_RCPT,
    GARBAGE_AT_RCPT,
    DEFER_AT_DATA,
    UNAVAILABLE_AT_DATA,
    GARBAGE_AT_DATA,
    CLOSE_AT_DATA,
    SILENT_AT_DATA,
    DEFER_AFTER_DOT,
    TAKE_AND_CLOSE,
    CLOSE_AFTER_DOT,
    TAKE_AND_HANG,
    HANG_AFTER_DOT,
    TAKE_AND_GARBAGE,
    /** One byte a second. */
    TRICKLE;

    private static final List<Behaviour> GREETINGS =
            List.of(UNAVAILABLE_AT_GREETING, GARBAGE_AT_GREETING, SILENT_AT_GREETING);

    private static final List<Behaviour> HARMFUL = Arrays.stream(values())
            .filter(it -> it != ORDERLY && !GREETINGS.contains(it))
            .toList();

    /** All that make a transaction fail. */
    static List<Behaviour> harmful() {
        return HARMFUL;
    }

    /** All that make a new connection fail. */
    static List<Behaviour> greetings() {
        return GREETINGS;
    }

    /** Whether the server accepts the mail after its final dot. */
    boolean takes() {
        return switch (this) {
            case ORDERLY, TAKE_AND_CLOSE, TAKE_AND_HANG, TAKE_AND_GARBAGE, TRICKLE -> true;
            default -> false;
        };
    }
}
