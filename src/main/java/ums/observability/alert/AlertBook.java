package ums.observability.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides when an alert is due: at once when trouble begins, and then at most one of a kind in an interval, with what came
 * together meanwhile as its count; and when trouble that was told of is over, one all-clear. Some trouble happens (a message
 * fails): it is over when it has not happened for an interval. Other trouble lasts (a circuit is open): it is told of once,
 * and is over when it is. Time is passed in.
 */
final class AlertBook {

    private static final int MOST_DETAILS = 5;

    private final Duration minInterval;
    private final Map<AlertKind, Page> pages = new EnumMap<>(AlertKind.class);

    AlertBook(Duration minInterval) {
        this.minInterval = minInterval;
        for (AlertKind kind : AlertKind.values()) {
            pages.put(kind, new Page(kind));
        }
    }

    /** It happened so many times. */
    synchronized Optional<Alert> happened(AlertKind kind, long times, String detail, Instant now) {
        Page page = page(kind);
        page.begin(now);
        page.note(times, detail);
        page.lastHappened = now;
        return page.tell(now);
    }

    /** It is so now, or it is not. */
    synchronized Optional<Alert> is(AlertKind kind, boolean so, String detail, Instant now) {
        Page page = page(kind);
        if (!so) {
            return page.end(now);
        }
        if (!page.active) {
            page.note(1, detail);
        }
        page.begin(now);
        return page.tell(now);
    }

    /** What has become due by now. */
    synchronized List<Alert> due(Instant now) {
        List<Alert> due = new ArrayList<>();
        for (Page page : pages.values()) {
            page.tell(now).ifPresent(due::add);
            if (page.quiet(now)) {
                page.end(now).ifPresent(due::add);
            }
        }
        return due;
    }

    /** Whether there is trouble of that kind. */
    synchronized boolean active(AlertKind kind) {
        return page(kind).active;
    }

    private Page page(AlertKind kind) {
        Page page = pages.get(kind);
        if (page == null) {
            throw new IllegalArgumentException("no such kind: " + kind);
        }
        return page;
    }

    /** What is known of one kind. */
    private final class Page {

        private final AlertKind kind;
        private final Map<String, Long> details = new TreeMap<>();
        private boolean active;
        private boolean told;
        private long count;
        private Instant since = Instant.EPOCH;
        private @Nullable Instant lastTold;
        private @Nullable Instant lastHappened;

        private Page(AlertKind kind) {
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

        private Optional<Alert> tell(Instant now) {
            if (!active || count == 0 || (lastTold != null && !longAgo(lastTold, now))) {
                return Optional.empty();
            }
            Alert alert = new Alert(kind, true, count, since, now, kind.trouble() + ": " + words() + ".");
            lastTold = now;
            told = true;
            count = 0;
            details.clear();
            return Optional.of(alert);
        }

        /** It has been told of, and has not happened since. What lasts never is. */
        private boolean quiet(Instant now) {
            return active && count == 0 && longAgo(lastHappened, now) && longAgo(lastTold, now);
        }

        private boolean longAgo(@Nullable Instant then, Instant now) {
            return then != null && !then.plus(minInterval).isAfter(now);
        }

        private String words() {
            String words = details.entrySet().stream()
                    .limit(MOST_DETAILS)
                    .map(it -> it.getValue() == 1 ? it.getKey() : it.getValue() + " × " + it.getKey())
                    .collect(Collectors.joining(", "));
            return details.size() > MOST_DETAILS ? words + ", and more" : words;
        }

        private Optional<Alert> end(Instant now) {
            if (!active) {
                return Optional.empty();
            }
            active = false;
            count = 0;
            details.clear();
            if (!told) {
                return Optional.empty();
            }
            told = false;
            return Optional.of(new Alert(kind, false, 0, since, now, "All clear: " + kind.allClear() + "."));
        }
    }
}
