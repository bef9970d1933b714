package ums.contact;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules as pure functions: those of the Fair Debt Collection Practices Act (채권의 공정한 추심에 관한 법률, here 채권추심법) and the
 * Personal Debtor Protection Act (개인금융채권의 관리 및 개인금융채무자의 보호에 관한 법률, here 개인채무자보호법). All hours are Korean.
 */
public final class ContactRules {

    /** 채권추심법 9, nos. 2 and 3. */
    static final String NIGHT = "no contact from 21:00 to 08:00 Korean time (채권추심법 9)";
    /** 개인채무자보호법 16. */
    static final String SEVEN_IN_SEVEN_DAYS = "there were 7 contacts about this in 7 days (개인채무자보호법 16)";
    /** 개인채무자보호법 18. */
    static final String BLOCKED_HOURS = "the customer does not want to be contacted at this hour (개인채무자보호법 18)";
    /** 개인채무자보호법 18. */
    static final String BLOCKED_MEANS = "the customer does not want to be contacted by this means (개인채무자보호법 18)";
    /** The nights and the blocked hours of several recipients cover the whole week. */
    static final String NO_HOUR = "its recipients together leave no hour of the week (개인채무자보호법 18)";

    /** 개인채무자보호법 18: the maximum that a customer may block in a week. */
    static final Duration MAX_BLOCKED = Duration.ofHours(28);
    /** 개인채무자보호법 18: how many means of contact a customer may exclude. */
    static final int MAX_MEANS = 3;

    /** How long a contact counts. */
    static final Duration SEVEN_DAYS = Duration.ofHours(168);

    private static final int MAX_CONTACTS = 7;
    private static final ZoneId KOREA = ZoneId.of("Asia/Seoul");
    private static final LocalTime EVENING = LocalTime.of(21, 0);
    private static final LocalTime MORNING = LocalTime.of(8, 0);
    private static final Duration A_WEEK_AND_A_DAY = Duration.ofDays(8);

    private ContactRules() {}

    /**
     * 채권추심법 9: no contact at night.
     *
     * @return the end of the night that {@code now} is in, or null during the day
     */
    static @Nullable Instant night(Instant now) {
        LocalDateTime local = local(now);
        if (local.toLocalTime().isBefore(MORNING)) {
            return instant(local.toLocalDate().atTime(MORNING));
        }
        return local.toLocalTime().isBefore(EVENING)
                ? null
                : instant(local.toLocalDate().plusDays(1).atTime(MORNING));
    }

    /**
     * 개인채무자보호법 18: no contact in the hours that the customer has blocked.
     *
     * @return the end of the blocked hours that {@code now} is in, or null if it is in none
     */
    static @Nullable Instant blockedHours(Collection<BlockedHours> blocked, Instant now) {
        LocalDateTime local = local(now);
        return blocked.stream()
                .filter(it -> it.contain(local))
                .map(it -> instant(local.toLocalDate().atStartOfDay().plusMinutes(it.to())))
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /** 개인채무자보호법 18: no contact by the means that the customer has blocked. */
    static boolean blockedMeans(Collection<String> channels, String channel) {
        return channels.contains(channel);
    }

    /**
     * 개인채무자보호법 16: seven contacts about one debt in seven days, and no more.
     *
     * @param contacts the times of the other contacts; those in progress count as now
     */
    static boolean sevenInSevenDays(Collection<Instant> contacts, Instant now) {
        return contacts.stream().filter(it -> it.isAfter(now.minus(SEVEN_DAYS))).count() >= MAX_CONTACTS;
    }

    /** Whether the hours alone allow a contact now, and if not, when they do. */
    static Hours hours(Collection<BlockedHours> blocked, Instant now) {
        String why = null;
        Instant at = now;
        while (at.isBefore(now.plus(A_WEEK_AND_A_DAY))) {
            Instant night = night(at);
            Instant end = night == null ? blockedHours(blocked, at) : night;
            if (end == null) {
                return why == null ? new Hours.Open(nextClosing(blocked, now)) : new Hours.Closed(at, why);
            }
            why = why != null ? why : night == null ? BLOCKED_HOURS : NIGHT;
            at = end;
        }
        return new Hours.Never();
    }

    /** When the current open period ends. */
    private static Instant nextClosing(Collection<BlockedHours> blocked, Instant now) {
        LocalDateTime local = local(now);
        return Stream.concat(
                        Stream.of(local.toLocalDate().atTime(EVENING)),
                        blocked.stream().map(it -> next(it, local)))
                .map(ContactRules::instant)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static LocalDateTime next(BlockedHours hours, LocalDateTime after) {
        LocalDate day = after.toLocalDate().with(TemporalAdjusters.nextOrSame(hours.day()));
        LocalDateTime begin = day.atStartOfDay().plusMinutes(hours.from());
        return begin.isAfter(after) ? begin : begin.plusDays(DayOfWeek.values().length);
    }

    private static LocalDateTime local(Instant instant) {
        return LocalDateTime.ofInstant(instant, KOREA);
    }

    private static Instant instant(LocalDateTime local) {
        return local.atZone(KOREA).toInstant();
    }

    /** The result of the rules about hours. */
    sealed interface Hours {

        /** A contact may be made, before {@code until}. */
        record Open(Instant until) implements Hours {}

        /** Not before {@code until}. */
        record Closed(Instant until, String why) implements Hours {}

        /** No hour of any week is open. */
        record Never() implements Hours {}
    }
}
