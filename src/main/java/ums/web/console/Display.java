package ums.web.console;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.stereotype.Component;

/** Formats numbers, times and texts in the viewer's language and time zone. Called by the templates. */
@Component("display")
public class Display {

    private static final DateTimeFormatter EXACT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS xxx");
    private static final DateTimeFormatter DAY_AND_TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("HH:mm");
    private static final long KILO = 1024;

    private final MessageSource messages;

    Display(MessageSource messages) {
        this.messages = messages;
    }

    /** With the date unless it is today. */
    public String time(Instant at) {
        ZoneId zone = zone();
        boolean today = LocalDate.ofInstant(at, zone).equals(LocalDate.now(zone));
        return (today ? TIME : DAY_AND_TIME).withZone(zone).format(at);
    }

    /** Hour and minute, for the charts' tables. */
    public String minute(Instant at) {
        return MINUTE.withZone(zone()).format(at);
    }

    /** With milliseconds and offset. */
    public String exact(Instant at) {
        return EXACT.withZone(zone()).format(at);
    }

    /** For programs (RFC 3339). */
    public String iso(Instant at) {
        return DateTimeFormatter.ISO_INSTANT.format(at);
    }

    /** A duration in its two largest units. */
    public String age(Duration age) {
        long seconds = age.toSeconds();
        if (seconds < 1) {
            return word("age.ms", "", age.toMillis());
        }
        if (seconds < 60) {
            return word("age.s", "", seconds);
        }
        if (seconds < 3_600) {
            return word("age.m", "", seconds / 60, seconds % 60);
        }
        return seconds < 86_400
                ? word("age.h", "", seconds / 3_600, seconds % 3_600 / 60)
                : word("age.d", "", seconds / 86_400, seconds % 86_400 / 3_600);
    }

    /** An integer with thousands separators. */
    public String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A rate per second, with a decimal below 10. */
    public String rate(double perSecond) {
        return String.format(Locale.ROOT, perSecond >= 10 || perSecond == 0 ? "%,.0f" : "%.1f", perSecond);
    }

    public String bytes(long size) {
        return size < KILO
                ? size + " B"
                : size < KILO * KILO
                        ? String.format(Locale.ROOT, "%.1f KB", (double) size / KILO)
                        : String.format(Locale.ROOT, "%.1f MB", (double) size / (KILO * KILO));
    }

    /**
     * A message of the bundle whose key may be unknown.
     *
     * @param otherwise the text for an unknown key
     */
    public String word(String key, @Nullable String otherwise, Object... arguments) {
        String word = messages.getMessage(key, arguments, otherwise, LocaleContextHolder.getLocale());
        return word == null ? "" : word;
    }

    /** An action of the audit log. What stands behind a colon is its object, such as the provider of a retry. */
    public String action(String action) {
        String[] parts = action.split(":", 2);
        return word("action." + parts[0], action, parts.length == 1 ? "" : parts[1]);
    }

    /** The symbol of a timeline event; unknown events have one, too. */
    public String shape(String event) {
        return switch (event) {
            case "claimed" -> "PROCESSING";
            case "sent" -> "SENT";
            case "deferred" -> "RETRY";
            case "failed" -> "FAILED";
            case "review" -> "MANUAL_REVIEW";
            case "reclaimed" -> "UNKNOWN";
            case "retried", "resolved" -> "person";
            case "canceled" -> "CANCELED";
            case "expired" -> "EXPIRED";
            default -> "ACCEPTED";
        };
    }

    /** The instant in a datetime-local field, in the viewer's time zone; null if it is empty or invalid. */
    static @Nullable Instant parseLocal(String field) {
        try {
            return field.isBlank()
                    ? null
                    : LocalDateTime.parse(field).atZone(zone()).toInstant();
        } catch (DateTimeParseException _) {
            return null;
        }
    }

    /** The viewer's time zone, shown beside datetime-local fields. */
    public String zoneName() {
        ZoneId zone = zone();
        return zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
    }

    private static ZoneId zone() {
        ZoneId zone = LocaleContextHolder.getTimeZone().toZoneId();
        return zone.getId().equals("GMT") ? ZoneOffset.UTC : zone;
    }
}
