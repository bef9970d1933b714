package ums.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An injected fault.
 *
 * @param process the affected UMS process, or {@link #ALL_PROCESSES}
 * @param server the affected SMTP server's name, or null
 * @param until when it was over: a killed process is ready again
 */
record Fault(Kind kind, int process, @Nullable String server, Instant from, Instant until) {

    static final int ALL_PROCESSES = -1;

    /** How long an affected process may need to recover. */
    private static final Duration RECOVERING = Duration.ofSeconds(5);

    /** A fault of a process, or of what all processes use. */
    Fault(Kind kind, int process, Instant from, Instant until) {
        this(kind, process, null, from, until);
    }

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

        /** Its weight in the random choice. */
        int weight() {
            return weight;
        }

        /**
         * Whether it can keep a process from settling an outcome. A wrong clock and an unreadable row cannot, so they do not
         * explain a duplicate.
         */
        boolean keepsFromSettling() {
            return switch (this) {
                case KILL, STOP, SUSPEND, DATABASE_KILL, CUT -> true;
                case BROKER_KILL, SMTP_DOWN, SMTP_GARBLE, DATABASE_CLOCK, PROCESS_CLOCK, POISON -> false;
            };
        }

        /** The kinds that need no message and no settable clock. */
        static Set<Kind> plain() {
            return EnumSet.of(KILL, STOP, DATABASE_KILL, CUT, SMTP_DOWN, SMTP_GARBLE);
        }

        /** The kinds in a list such as {@code kill,database-clock}; {@code all} are all kinds except for those of Kafka. */
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
                throw new IllegalArgumentException("no such kind of fault: " + list);
            }
            return kinds;
        }
    }

    /** Whether it could keep a process from settling between two times. */
    boolean disturbs(int number, Instant begin, Instant end) {
        return kind.keepsFromSettling()
                && (process == ALL_PROCESSES || process == number)
                && from.isBefore(end)
                && until.plus(RECOVERING).isAfter(begin);
    }
}
