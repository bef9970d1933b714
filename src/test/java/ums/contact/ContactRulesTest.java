package ums.contact;

import static java.time.DayOfWeek.MONDAY;
import static java.time.DayOfWeek.SUNDAY;
import static java.time.DayOfWeek.TUESDAY;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ums.contact.ContactRules.Hours;

/** 2026-11-30 is a Monday. */
class ContactRulesTest {

    @ParameterizedTest
    @CsvSource({
        "2026-11-30T21:00:00, 2026-12-01T08:00:00",
        "2026-11-30T23:59:59.999, 2026-12-01T08:00:00",
        "2026-12-01T00:00:00, 2026-12-01T08:00:00",
        "2026-12-01T07:59:59.999, 2026-12-01T08:00:00",
        "2026-12-01T08:00:00,",
        "2026-12-01T20:59:59.999,"
    })
    void nightIsFrom21To8(String now, String end) {
        assertThat(ContactRules.night(korea(now))).isEqualTo(end == null ? null : korea(end));
    }

    @Test
    void blockedHoursApplyToTheirDayAndExcludeTheirEnd() {
        List<BlockedHours> blocked = List.of(hours(MONDAY, 9, 12), hours(MONDAY, 11, 13));

        assertThat(ContactRules.blockedHours(blocked, korea("2026-11-30T08:59:59")))
                .isNull();
        assertThat(ContactRules.blockedHours(blocked, korea("2026-11-30T09:00:00")))
                .isEqualTo(korea("2026-11-30T12:00:00"));
        assertThat(ContactRules.blockedHours(blocked, korea("2026-11-30T11:30:00")))
                .isEqualTo(korea("2026-11-30T13:00:00"));
        assertThat(ContactRules.blockedHours(blocked, korea("2026-11-30T13:00:00")))
                .isNull();
        assertThat(ContactRules.blockedHours(blocked, korea("2026-12-01T10:00:00")))
                .isNull();
        assertThat(ContactRules.blockedHours(List.of(hours(MONDAY, 23, 24)), korea("2026-11-30T23:30:00")))
                .isEqualTo(korea("2026-12-01T00:00:00"));
    }

    @Test
    void anOpenPeriodEndsAtTheNextBlockedHour() {
        assertThat(ContactRules.hours(List.of(), korea("2026-11-30T10:00:00")))
                .isEqualTo(new Hours.Open(korea("2026-11-30T21:00:00")));
        assertThat(ContactRules.hours(
                        List.of(hours(MONDAY, 9, 10), hours(MONDAY, 15, 16)), korea("2026-11-30T10:00:00")))
                .isEqualTo(new Hours.Open(korea("2026-11-30T15:00:00")));
        // This week's blocked hours are over.
        assertThat(ContactRules.hours(List.of(hours(MONDAY, 9, 10)), korea("2026-11-30T20:00:00")))
                .isEqualTo(new Hours.Open(korea("2026-11-30T21:00:00")));
    }

    @Test
    void adjacentBlockedPeriodsAreOneWait() {
        List<BlockedHours> blocked = List.of(hours(MONDAY, 18, 21), hours(TUESDAY, 8, 9), hours(SUNDAY, 0, 24));

        assertThat(ContactRules.hours(blocked, korea("2026-11-30T19:00:00")))
                .isEqualTo(new Hours.Closed(korea("2026-12-01T09:00:00"), ContactRules.BLOCKED_HOURS));
        assertThat(ContactRules.hours(blocked, korea("2026-12-05T22:00:00")))
                .isEqualTo(new Hours.Closed(korea("2026-12-07T08:00:00"), ContactRules.NIGHT));
    }

    @Test
    void recipientsThatTogetherBlockTheWholeWeekAreReported() {
        List<BlockedHours> blocked = new ArrayList<>();
        for (DayOfWeek day : DayOfWeek.values()) {
            blocked.add(hours(day, 8, 21));
        }

        assertThat(ContactRules.hours(blocked, korea("2026-11-30T12:00:00"))).isEqualTo(new Hours.Never());
    }

    @Test
    void theEighthContactInSevenDaysIsRefused() {
        Instant now = korea("2026-11-30T12:00:00");
        Instant lastWeek = now.minus(Duration.ofHours(168));
        List<Instant> six = Collections.nCopies(6, lastWeek.plusMillis(1));

        assertThat(ContactRules.sevenInSevenDays(six, now)).isFalse();
        assertThat(ContactRules.sevenInSevenDays(with(six, lastWeek), now)).isFalse();
        assertThat(ContactRules.sevenInSevenDays(with(six, now), now)).isTrue();
    }

    @Test
    void blockedChannelsAreRefused() {
        assertThat(ContactRules.blockedMeans(Set.of("sms"), "email")).isFalse();
        assertThat(ContactRules.blockedMeans(Set.of("sms", "email"), "email")).isTrue();
    }

    @Test
    void overlappingHoursCountOnce() {
        assertThat(BlockedHours.total(List.of(hours(MONDAY, 9, 12), hours(MONDAY, 11, 13), hours(SUNDAY, 23, 24))))
                .isEqualTo(Duration.ofHours(5));
    }

    private static List<Instant> with(List<Instant> some, Instant more) {
        List<Instant> all = new ArrayList<>(some);
        all.add(more);
        return all;
    }

    private static BlockedHours hours(DayOfWeek day, int from, int to) {
        return new BlockedHours(day, from * 60, to * 60);
    }

    private static Instant korea(String local) {
        return OffsetDateTime.parse(local + "+09:00").toInstant();
    }
}
