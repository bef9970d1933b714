package ums.observability;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import ums.channel.ErrorType;
import ums.logging.MessageLog;

/**
 * Rate-limits log lines about failures, so that a provider's outage does not fill the log: the first fifty of a kind
 * within ten seconds have a line each, the rest one summary line. The timeline of each message is complete all the
 * same.
 */
final class FailureFlood {

    static final int SECONDS = 10;
    static final int LINES = 50;

    private final Map<Kind, Window> windows = new ConcurrentHashMap<>();

    /** Whether a failure gets its own line. */
    boolean admits(ErrorType type, String channel, UUID message) {
        return windows.computeIfAbsent(new Kind(type, channel), _ -> new Window())
                .admits(message);
    }

    /** Ends the window and logs a summary of the failures without a line. */
    void summarize() {
        windows.forEach((kind, window) -> window.close(kind));
    }

    private record Kind(ErrorType type, String channel) {}

    private static final class Window {

        private long seen;
        private @Nullable UUID last;

        private synchronized boolean admits(UUID message) {
            last = message;
            return ++seen <= LINES;
        }

        private synchronized void close(Kind kind) {
            UUID message = last;
            if (seen > LINES && message != null) {
                MessageLog.summary(kind.type.name(), kind.channel, seen - LINES, SECONDS, message);
            }
            seen = 0;
        }
    }
}
