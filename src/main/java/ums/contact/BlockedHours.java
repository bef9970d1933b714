package ums.contact;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.Locale;

/**
 * Hours of a weekday, in Korean time, in which a customer is not to be contacted.
 *
 * @param day the weekday
 * @param from the first minute of the day, from 0
 * @param to the minute after the last, up to 1,440; after {@code from}
 */
public record BlockedHours(DayOfWeek day, int from, int to) {

    /** The minutes of a day. */
    public static final int DAY = 24 * 60;

    public BlockedHours {
        if (from < 0 || from >= to || to > DAY) {
            throw new IllegalArgumentException("from must be before to, within the day");
        }
    }

    /** A minute of the day as {@code HH:mm}; {@code 24:00} is its end. */
    public static String time(int minute) {
        return String.format(Locale.ROOT, "%02d:%02d", minute / 60, minute % 60);
    }

    boolean contain(LocalDateTime local) {
        int minute = local.getHour() * 60 + local.getMinute();
        return local.getDayOfWeek() == day && from <= minute && minute < to;
    }

    /** How much of a week they block total; overlaps count once. */
    static Duration total(Collection<BlockedHours> blocked) {
        boolean[] minutes = new boolean[DayOfWeek.values().length * DAY];
        int count = 0;
        for (BlockedHours each : blocked) {
            int midnight = (each.day.getValue() - 1) * DAY;
            for (int minute = midnight + each.from; minute < midnight + each.to; minute++) {
                count += minutes[minute] ? 0 : 1;
                minutes[minute] = true;
            }
        }
        return Duration.ofMinutes(count);
    }
}
