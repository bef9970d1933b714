package ums.observability.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides when an alert is due: at once when trouble begins, and then at most one of a kind in an interval, with a
 * count; and one all-clear when reported trouble ends. Events (a message fails) end when there was none for an
 * interval. Conditions (a circuit is open) are reported once and end when they are over. Time is passed in.
 */
final class AlertBook {

    private static final int MAX_DETAILS = 5;

    private final Duration minInterval;
    private final Map<Subject, State> states = new LinkedHashMap<>();

    AlertBook(Duration minInterval) {
        this.minInterval = minInterval;
    }

    /** Adds events of a kind that only one subject has. */
    Optional<Alert> add(AlertKind kind, long times, String detail, Instant now) {
        return add(new Subject(kind, ""), times, detail, now);
    }

    /** Adds events. */
    synchronized Optional<Alert> add(Subject subject, long times, String detail, Instant now) {
        State state = state(subject);
        state.begin(now);
        state.note(times, detail);
        state.lastEvent = now;
        return state.alertIfDue(now);
    }

    /** Sets whether a condition holds that only one subject has. */
    Optional<Alert> set(AlertKind kind, boolean holds, String detail, Instant now) {
        return set(new Subject(kind, ""), holds, detail, now);
    }

    /** Sets whether a condition holds. */
    synchronized Optional<Alert> set(Subject subject, boolean holds, String detail, Instant now) {
        State state = state(subject);
        if (!holds) {
            return state.end(now);
        }
        if (!state.active) {
            state.note(1, detail);
        }
        state.begin(now);
        return state.alertIfDue(now);
    }

    /** The alerts and all-clears that are due. */
    synchronized List<Alert> due(Instant now) {
        List<Alert> due = new ArrayList<>();
        for (State state : states.values()) {
            state.alertIfDue(now).ifPresent(due::add);
            if (state.expired(now)) {
                state.end(now).ifPresent(due::add);
            }
        }
        return due;
    }

    /** Whether there is trouble of the kind. */
    synchronized boolean active(AlertKind kind) {
        return states.values().stream().anyMatch(it -> it.kind == kind && it.active);
    }

    private State state(Subject subject) {
        return states.computeIfAbsent(subject, it -> new State(it.kind()));
    }

    /**
     * What is in trouble. The trouble of one begins and ends by itself, whatever that of the others does.
     *
     * @param kind the kind of trouble
     * @param of what of several has it, such as a provider's id; empty where there is only one
     */
    record Subject(AlertKind kind, String of) {}

    /** The state of one subject. */
    private final class State {

        private final AlertKind kind;
        private final Map<String, Long> details = new TreeMap<>();
        private boolean active;
        private boolean reported;
        private long count;
        private Instant since = Instant.EPOCH;
        private @Nullable Instant lastReported;
        private @Nullable Instant lastEvent;

        private State(AlertKind kind) {
            this.kind = kind;
        }

        private void begin(Instant now) {
            if (!active) {
                active = true;
                since = now;
            }
        }

        private void note(long times, String detail) {
            count += times;
            details.merge(detail, times, Long::sum);
        }

        private Optional<Alert> alertIfDue(Instant now) {
            if (!active || count == 0 || (lastReported != null && !longAgo(lastReported, now))) {
                return Optional.empty();
            }
            Alert alert = new Alert(kind, true, count, since, now, kind.trouble() + ": " + summary() + ".");
            lastReported = now;
            reported = true;
            count = 0;
            details.clear();
            return Optional.of(alert);
        }

        /** Reported, and no event since. Conditions never have a last event, so they never expire. */
        private boolean expired(Instant now) {
            return active && count == 0 && longAgo(lastEvent, now) && longAgo(lastReported, now);
        }

        private boolean longAgo(@Nullable Instant then, Instant now) {
            return then != null && !then.plus(minInterval).isAfter(now);
        }

        private String summary() {
            String summary = details.entrySet().stream()
                    .limit(MAX_DETAILS)
                    .map(it -> it.getValue() == 1 ? it.getKey() : it.getValue() + " × " + it.getKey())
                    .collect(Collectors.joining(", "));
            return details.size() > MAX_DETAILS ? summary + ", and more" : summary;
        }

        private Optional<Alert> end(Instant now) {
            if (!active) {
                return Optional.empty();
            }
            active = false;
            count = 0;
            details.clear();
            if (!reported) {
                return Optional.empty();
            }
            reported = false;
            return Optional.of(new Alert(kind, false, 0, since, now, "All clear: " + kind.allClear() + "."));
        }
    }
}
