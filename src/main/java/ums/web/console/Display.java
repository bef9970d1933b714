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

/** How figures, times and words are shown, in the language and the time zone of who looks. Called by the templates. */
@Component("display")
public class Display {

    private static final DateTimeFormatter EXACT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS xxx");
    private static final DateTimeFormatter DAY_AND_TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("HH:mm");
    private static final long KILO = 1024;

    private final MessageSource words;

    Display(MessageSource words) {
        this.words = words;
    }

    /** With its day unless that is today. */
    public String time(Instant at) {
        ZoneId zone = zone();
        boolean today = LocalDate.ofInstant(at, zone).equals(LocalDate.now(zone));
        return (today ? TIME : DAY_AND_TIME).withZone(zone).format(at);
    }

    /** Hour and minute, for the tables of charts. */
    public String minute(Instant at) {
        return MINUTE.withZone(zone()).format(at);
    }

    /** To the millisecond and with its offset. */
    public String exact(Instant at) {
        return EXACT.withZone(zone()).format(at);
    }

    /** For programs (RFC 3339). */
    public String iso(Instant at) {
        return DateTimeFormatter.ISO_INSTANT.format(at);
    }

    /** A length of time by its two largest units. */
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

    /** A whole number, in groups of three. */
    public String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Something a second, as finely as it matters. */
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
     * A word of the bundle, for what may be more than the bundle knows.
     *
     * @param otherwise what is said where it does not know it
     */
    public String word(String key, @Nullable String otherwise, Object... arguments) {
        String word = words.getMessage(key, arguments, otherwise, LocaleContextHolder.getLocale());
        return word == null ? "" : word;
    }

    /** The shape that an entry of a timeline is marked with; one that is new has one, too. */
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

    /** What a field for a moment holds, in the zone of who looks; null where it is empty or none. */
    static @Nullable Instant moment(String field) {
        try {
            return field.isBlank()
                    ? null
                    : LocalDateTime.parse(field).atZone(zone()).toInstant();
        } catch (DateTimeParseException _) {
            return null;
        }
    }

    /** The zone's name, said beside fields for a moment. */
    public String zoneName() {
        ZoneId zone = zone();
        return zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
    }

    private static ZoneId zone() {
        ZoneId zone = LocaleContextHolder.getTimeZone().toZoneId();
        return zone.getId().equals("GMT") ? ZoneOffset.UTC : zone;
    }
}
