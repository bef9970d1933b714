package ums.throughput;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import ums.QueueStory;
import ums.SettableClock;
import ums.clock.ClockSkew;
import ums.clock.Clocks;
import ums.throughput.Throughput.Point;

/** Each process stores what it has counted every ten seconds, and the sum over all is read. */
class ThroughputTest extends QueueStory {

    /** Far from the times at which the running service stores its own throughput. */
    private static final Instant BEGAN = Instant.parse("2031-05-06T07:08:00Z");

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Autowired
    ThroughputRepository repository;

    private final SettableClock time = new SettableClock();
    private final ClockSkew skew = new ClockSkew(Clocks.system());
    private final MeterRegistry hereCounted = new SimpleMeterRegistry();
    private final MeterRegistry thereCounted = new SimpleMeterRegistry();
    private Throughput here;
    private Throughput there;

    @BeforeEach
    void twoProcesses() {
        time.set(BEGAN);
        skew.measured(Clocks.system().read(), Instant.now());
        here = new Throughput(repository, hereCounted, time, skew);
        there = new Throughput(repository, thereCounted, time, skew);
        jdbc.sql("truncate throughput").update();
    }

    @Test
    void theLastTenSecondsOfAllProcessesAreShownAsARatePerSecond() {
        count(hereCounted, 30, 20, 1);
        hereCounted.counter("messages.settled", "status", "FAILED").increment(5);
        count(thereCounted, 10, 0, 0);
        bothWriteAfter(10);

        time.advance(Duration.ofSeconds(2));
        assertThat(here.now()).isEqualTo(new Point(BEGAN, 4, 2, 0.1));
        time.advance(Throughput.STEP);
        assertThat(here.now()).isEqualTo(new Point(BEGAN.plusSeconds(10), 0, 0, 0));
    }

    @Test
    void eachCountIsInOneStepOnlyAndStepsWithoutCountsAreZero() {
        count(hereCounted, 60, 60, 0);
        bothWriteAfter(10);
        bothWriteAfter(110);
        count(hereCounted, 120, 60, 0);
        // The process ends in the middle of a step, and has written within it already.
        bothWriteAfter(16);
        count(hereCounted, 60, 0, 6);
        bothWriteAfter(2);
        time.set(BEGAN.plusSeconds(185));

        assertThat(there.since(Duration.ofMinutes(3), MINUTE))
                .containsExactly(
                        new Point(BEGAN, 1, 1, 0),
                        new Point(BEGAN.plusSeconds(60), 0, 0, 0),
                        new Point(BEGAN.plusSeconds(120), 3, 1, 0.1));
    }

    @Test
    void rowsOlderThanTheChartsAreRemoved() {
        count(hereCounted, 1, 1, 1);
        bothWriteAfter(10);
        time.advance(Duration.ofHours(24));
        here.removeOld();
        assertThat(rows()).isEqualTo(1);

        time.advance(Duration.ofHours(1));
        here.removeOld();
        assertThat(rows()).isZero();
    }

    private void bothWriteAfter(int seconds) {
        time.advance(Duration.ofSeconds(seconds));
        here.write();
        there.write();
    }

    private long rows() {
        return jdbc.sql("select count(*) from throughput where at >= '2031-01-01'")
                .query(Long.class)
                .single();
    }

    private static void count(MeterRegistry meters, int accepted, int sent, int failed) {
        meters.counter("messages.accepted", "client", "shop").increment(accepted);
        meters.counter("messages.settled", "status", "SENT").increment(sent);
        meters.counter("send.failures", "type", "REJECTED").increment(failed);
    }
}
