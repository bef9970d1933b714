package ums.observability;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import ums.channel.ErrorType;
import ums.logging.MessageLog;

/**
 * Keeps a provider's bad day from filling the log: of one kind of failure the first fifty within ten seconds have a line
 * each, and what comes then is told by one line for all. The timeline of each message has it all the same.
 */
final class FailureFlood {

    static final int SECONDS = 10;
    static final int LINES = 50;

    private final Map<Kind, Window> windows = new ConcurrentHashMap<>();

    /** Whether a failure is to have a line of its own. */
    boolean admits(ErrorType type, String channel, UUID message) {
        return windows.computeIfAbsent(new Kind(type, channel), _ -> new Window())
                .admits(message);
    }

    /** Ends the window, and tells of what had no line in it. */
    void summarize() {
        windows.forEach((kind, window) -> window.turn(kind));
    }

    private record Kind(ErrorType type, String channel) {}

    private static final class Window {

        private long seen;
        private @Nullable UUID last;

        private synchronized boolean admits(UUID message) {
            last = message;
            return ++seen <= LINES;
        }

        private synchronized void turn(Kind kind) {
            UUID message = last;
            if (seen > LINES && message != null) {
                MessageLog.summary(kind.type.name(), kind.channel, seen - LINES, SECONDS, message);
            }
            seen = 0;
        }
    }
}
