package ums.observability.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** One alert of a kind in an interval, with a count, and one all-clear. */
class AlertBookTest {

    private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");

    private final AlertBook book = new AlertBook(Duration.ofMinutes(5));

    @Test
    void frequentEventsAreReportedAtOnceAndThenOncePerInterval() {
        assertThat(book.add(AlertKind.MESSAGES_FAILED, 1, "FAILED by REJECTED", NOON))
                .hasValueSatisfying(it -> {
                    assertThat(it.firing()).isTrue();
                    assertThat(it.count()).isEqualTo(1);
                    assertThat(it.text()).contains("FAILED by REJECTED");
                });
        for (int second = 1; second < 300; second++) {
            assertThat(book.add(AlertKind.MESSAGES_FAILED, 1, "FAILED by REJECTED", after(second)))
                    .isEmpty();
            assertThat(book.due(after(second))).isEmpty();
        }
        assertThat(book.due(after(300))).singleElement().satisfies(it -> {
            assertThat(it.count()).isEqualTo(299);
            assertThat(it.text()).contains("299 × FAILED by REJECTED");
            assertThat(it.since()).isEqualTo(NOON);
        });
    }

    @Test
    void eventsAreOverAfterAnIntervalWithoutOne() {
        book.add(AlertKind.MESSAGES_FAILED, 1, "FAILED by REJECTED", NOON);

        assertThat(book.due(after(299))).isEmpty();
        assertThat(book.active(AlertKind.MESSAGES_FAILED)).isTrue();
        assertThat(book.due(after(300)))
                .singleElement()
                .satisfies(it -> assertThat(it.firing()).isFalse());
        assertThat(book.active(AlertKind.MESSAGES_FAILED)).isFalse();
        assertThat(book.due(after(900))).isEmpty();
    }

    @Test
    void aConditionIsReportedOnceAndItsEndAtOnce() {
        assertThat(book.set(AlertKind.CIRCUIT_OPEN, true, "smtp:25", NOON)).isPresent();
        for (int second = 1; second < 1_000; second++) {
            assertThat(book.set(AlertKind.CIRCUIT_OPEN, true, "smtp:25", after(second)))
                    .isEmpty();
            assertThat(book.due(after(second))).isEmpty();
        }
        assertThat(book.set(AlertKind.CIRCUIT_OPEN, false, "", after(1_000)))
                .hasValueSatisfying(it -> assertThat(it.firing()).isFalse());
        assertThat(book.set(AlertKind.CIRCUIT_OPEN, false, "", after(1_001))).isEmpty();
    }

    @Test
    void aFlappingConditionIsReportedOncePerInterval() {
        assertThat(book.set(AlertKind.CIRCUIT_OPEN, true, "smtp:25", NOON)).isPresent();
        assertThat(book.set(AlertKind.CIRCUIT_OPEN, false, "", after(1))).isPresent();
        for (int second = 2; second < 200; second += 2) {
            assertThat(book.set(AlertKind.CIRCUIT_OPEN, true, "smtp:25", after(second)))
                    .isEmpty();
            assertThat(book.set(AlertKind.CIRCUIT_OPEN, false, "", after(second + 1)))
                    .isEmpty();
        }
        book.set(AlertKind.CIRCUIT_OPEN, true, "smtp:25", after(250));

        assertThat(book.due(after(299))).isEmpty();
        assertThat(book.due(after(300))).singleElement().satisfies(it -> {
            assertThat(it.firing()).isTrue();
            assertThat(it.since()).isEqualTo(after(250));
        });
    }

    @Test
    void kindsAreIndependent() {
        assertThat(book.set(AlertKind.DATABASE, true, "", NOON)).isPresent();
        assertThat(book.set(AlertKind.DISK, true, "", NOON)).isPresent();
        assertThat(book.add(AlertKind.CLAIMS_RECLAIMED, 7, "claims", NOON))
                .hasValueSatisfying(it -> assertThat(it.count()).isEqualTo(7));
    }

    private static Instant after(int seconds) {
        return NOON.plusSeconds(seconds);
    }
}
