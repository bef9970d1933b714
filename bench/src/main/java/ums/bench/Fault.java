package ums.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

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
        KILL(26),
        STOP(12),
        SUSPEND(8),
        DATABASE_KILL(9),
        CUT(12),
        SMTP_DOWN(7),
        SMTP_GARBLE(12),
        DATABASE_CLOCK(8),
        PROCESS_CLOCK(3),
        POISON(3),
        BROKER_KILL(0);

        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }

        /** How often it is chosen, beside others. */
        int weight() {
            return weight;
        }

        /**
         * Whether it can keep a process from settling what it knows. A wrong clock, of the database or of a process, and
         * a row that cannot be read keep nobody from it: they excuse nothing.
         */
        boolean keepsFromSettling() {
            return switch (this) {
                case KILL, STOP, SUSPEND, DATABASE_KILL, CUT -> true;
                case BROKER_KILL, SMTP_DOWN, SMTP_GARBLE, DATABASE_CLOCK, PROCESS_CLOCK, POISON -> false;
            };
        }

        /** Those that need no message or clock of their own. */
        static Set<Kind> plain() {
            return EnumSet.of(KILL, STOP, DATABASE_KILL, CUT, SMTP_DOWN, SMTP_GARBLE);
        }

        /** Those that a list names, as in {@code kill,database-clock}; {@code all} are all but those of Kafka. */
        static Set<Kind> named(String list) {
            Set<Kind> kinds = EnumSet.noneOf(Kind.class);
            if (list.equals("all")) {
                kinds.addAll(EnumSet.complementOf(EnumSet.of(BROKER_KILL)));
            } else {
                Arrays.stream(list.split(","))
                        .map(name -> valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')))
                        .forEach(kinds::add);
            }
            if (kinds.stream().noneMatch(kind -> kind.weight > 0)) {
                throw new IllegalArgumentException("no fault that can be chosen: " + list);
            }
            return kinds;
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
