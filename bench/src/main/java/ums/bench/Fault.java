package ums.bench;

import java.time.Duration;
import java.time.Instant;

/**
 * Something that was done to the run.
 *
 * @param process the UMS process it hit, or {@link #EVERYBODY}
 * @param until when all was well again, a killed process being ready anew
 */
record Fault(Kind kind, int process, Instant from, Instant until) {

    static final int EVERYBODY = -1;

    /** How long a process that was hit may need to find its feet again. */
    private static final Duration RECOVERING = Duration.ofSeconds(5);

    enum Kind {
        KILL,
        STOP,
        DATABASE_KILL,
        CUT,
        BROKER_KILL,
        SMTP_DOWN,
        SMTP_GARBLE;

        /** Whether it can keep a process from settling what it knows. */
        boolean keepsFromSettling() {
            return switch (this) {
                case KILL, STOP, DATABASE_KILL, CUT -> true;
                case BROKER_KILL, SMTP_DOWN, SMTP_GARBLE -> false;
            };
        }
    }

    /** Whether it could keep a process from settling between two moments. */
    boolean disturbs(int number, Instant begin, Instant end) {
        return kind.keepsFromSettling()
                && (process == EVERYBODY || process == number)
                && from.isBefore(end)
                && until.plus(RECOVERING).isAfter(begin);
    }
}
