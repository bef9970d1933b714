package ums.bench;

import java.util.List;

/** How the SMTP server treats one transaction. None refuses a recipient permanently, as every message must end as SENT. */
enum Behaviour {
    ORDERLY,
    DEFER_AT_RCPT,
    UNAVAILABLE_AT_RCPT,
    GARBAGE_AT_RCPT,
    DEFER_AT_DATA,
    UNAVAILABLE_AT_DATA,
    GARBAGE_AT_DATA,
    CLOSE_AT_DATA,
    DEFER_AFTER_DOT,
    TAKE_AND_CLOSE,
    CLOSE_AFTER_DOT,
    TAKE_AND_HANG,
    HANG_AFTER_DOT,
    TAKE_AND_GARBAGE,
    /** One byte a second. */
    TRICKLE;

    /** All that cause a failure. */
    static List<Behaviour> harmful() {
        return List.of(values()).subList(1, values().length);
    }

    /** Whether the server accepts the mail after its final dot. */
    boolean takes() {
        return switch (this) {
            case ORDERLY, TAKE_AND_CLOSE, TAKE_AND_HANG, TAKE_AND_GARBAGE, TRICKLE -> true;
            default -> false;
        };
    }
}
