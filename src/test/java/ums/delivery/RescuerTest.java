package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import ums.SettableClock;
import ums.channel.email.EmailSender;
import ums.channel.email.NoopEmailSender;
import ums.clock.ClockSkew;
import ums.clock.Clocks;
import ums.message.MessageStatus;
import ums.queue.StandingClaim;

/** Two processes: one that sends, and one that rescues its claims. The test sets the time. */
class RescuerTest extends DispatchStory {

    private static final Duration STALE_AFTER = Duration.ofMinutes(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    @Autowired
    Processes processes;

    @Autowired
    DataSource dataSource;

    private final AtomicInteger rescued = new AtomicInteger();
    private final CountDownLatch finish = new CountDownLatch(1);
    private final NoopEmailSender provider = new NoopEmailSender();
    private final AtomicInteger started = new AtomicInteger();
    private final EmailSender slow = email -> {
        started.incrementAndGet();
        awaitLatch(finish);
        return provider.send(email);
    };
    private long nanos = 1_000_000_000_000L;
    private final SettableClock wall = new SettableClock();
    private final Clocks clocks = new Clocks(() -> nanos, wall);
    private Connection connection;
    private Heartbeat owner;
    private Heartbeat watcher;
    private Rescuer rescuer;

    @BeforeEach
    void processes() throws SQLException {
        connection = dataSource.getConnection();
        owner = heartbeat("a test");
        watcher = heartbeat("a watcher");
        rescuer = rescuer(watcher, detector(_ -> false));
    }

    @AfterEach
    void end() throws SQLException {
        finish.countDown();
        connection.close();
        jdbc.sql("delete from process").update();
    }

    @Test
    void howeverTheDatabasesClockIsSetNoClaimOfALivingOwnerIsRescuedAndAllAreSentOnce() throws Exception {
        Dispatcher dispatcher = dispatcher(slow, 30);
        Rescuer owners = rescuer(owner, detector(dispatcher::holds));
        List<UUID> ids = Stream.concat(
                        IntStream.range(0, 15).mapToObj(_ -> accept()),
                        IntStream.range(0, 15).mapToObj(_ -> acceptForReview()))
                .toList();
        pass(TIMEOUT, () -> bothBeatAnd(owners));
        dispatcher.poll();
        await().until(() -> started.get() == 30);

        for (int hours : new int[] {1, -1, -1, 1}) {
            age(Duration.ofHours(hours));
            pass(TIMEOUT.plusSeconds(5), () -> bothBeatAnd(owners));
        }
        finish.countDown();
        awaitSettled(dispatcher);

        assertThat(rescued).hasValue(0);
        assertThat(provider.taken()).hasSize(30);
        assertThat(ids)
                .allSatisfy(it -> assertThat(message(it).progress().status()).isEqualTo(MessageStatus.SENT));
        assertThat(events).noneMatch(ClaimLost.class::isInstance);
    }

    @Test
    void theClaimsOfAKilledProcessAreRescuedAndItsRowIsRemovedUntilItComesBack() throws Exception {
        UUID id = accept();
        pass(TIMEOUT, this::bothBeat);
        dispatcher(slow).poll();

        pass(Duration.ofSeconds(14), watcher::beat);
        assertThat(rescued).hasValue(0);
        pass(Duration.ofSeconds(4), watcher::beat);

        assertThat(rescued).hasValue(1);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.RETRY);
        assertThat(processes.list()).extracting(Processes.Process::id).containsExactly("a watcher");
        owner.beat();
        assertThat(processes.list()).extracting(Processes.Process::id).containsExactlyInAnyOrder("a watcher", "a test");
    }

    @Test
    void aDeadProcessIsFoundAlthoughTheDatabasesClockWasSetBack() throws Exception {
        accept();
        pass(TIMEOUT, this::bothBeat);
        dispatcher(slow).poll();
        age(Duration.ofHours(-1));

        pass(TIMEOUT.plusSeconds(4), watcher::beat);

        assertThat(rescued).hasValue(1);
    }

    @Test
    void aRescuerThatHasJustStartedWaitsForAFullTimeout() throws Exception {
        accept();
        owner.beat();
        dispatcher(slow).poll();

        pass(Duration.ofSeconds(14), watcher::beat);
        assertThat(rescued).hasValue(0);
        pass(Duration.ofSeconds(4), watcher::beat);

        assertThat(rescued).hasValue(1);
    }

    @Test
    void timeWithoutScansDoesNotCount() throws Exception {
        OrphanDetector detector = detector(_ -> false);
        owner.beat();
        detector.scan();
        elapse(Duration.ofMinutes(10));

        detector.scan();
        assertThat(detector.orphans().dead()).isEmpty();
        for (int i = 0; i < 6; i++) {
            elapse(Duration.ofSeconds(2));
            detector.scan();
        }

        assertThat(detector.orphans().dead()).hasSize(1);
    }

    @Test
    void aStaleClaimOfALivingOwnerIsRescuedByOtherProcessesAndNotByItsOwn() throws Exception {
        Dispatcher dispatcher = dispatcher(slow);
        Rescuer owners = rescuer(owner, detector(dispatcher::holds));
        accept();
        dispatcher.poll();
        await().until(() -> started.get() == 1);
        age(Duration.ofSeconds(3));

        pass(
                STALE_AFTER.plus(TIMEOUT),
                () -> {
                    owner.beat();
                    owners.rescue();
                },
                false);
        assertThat(rescued).hasValue(0);
        pass(STALE_AFTER.minusSeconds(4), this::bothBeat);
        assertThat(rescued).hasValue(0);
        pass(Duration.ofSeconds(8), this::bothBeat);

        assertThat(rescued).hasValue(1);
    }

    @Test
    void aThreadThatNeverEndsDoesNotKeepItsClaim() throws Exception {
        Dispatcher dispatcher = dispatcher(slow);
        OrphanDetector detector = detector(dispatcher::holds);
        accept();
        owner.beat();
        dispatcher.poll();
        await().until(() -> started.get() == 1);
        age(Duration.ofSeconds(3));

        watch(detector, STALE_AFTER.multipliedBy(2).minusSeconds(2));
        assertThat(detector.orphans().stale()).isEmpty();
        watch(detector, Duration.ofSeconds(4));
        assertThat(detector.orphans().stale()).hasSize(1);
    }

    @Test
    void aProcessHoldsAClaimWhileItWorksOnItUnderAValidLease() throws Exception {
        Dispatcher dispatcher = dispatcher(slow);
        accept();
        owner.beat();
        dispatcher.poll();
        await().until(() -> started.get() == 1);
        age(Duration.ofSeconds(3));
        StandingClaim claim = queue.standing(1).getFirst();
        assertThat(dispatcher.holds(claim)).isTrue();
        assertThat(dispatcher.holds(new StandingClaim(claim.outboxId(), UUID.randomUUID())))
                .isFalse();
        isLeaseValid = false;
        assertThat(dispatcher.holds(claim)).isFalse();
        isLeaseValid = true;

        finish.countDown();
        awaitSettled(dispatcher);

        assertThat(dispatcher.holds(claim)).isFalse();
    }

    @Test
    void theLivingAreListedFirst() throws Exception {
        jdbc.sql("""
                        insert into process (id, started_at, beat_at)
                        select 'dead ' || n, now() - interval '2 days', now() - n * interval '1 hour'
                        from generate_series(1, 200) n
                        """).update();
        owner.beat();

        assertThat(processes.list())
                .hasSize(100)
                .first()
                .extracting(Processes.Process::id)
                .isEqualTo("a test");
    }

    private void bothBeat() throws SQLException {
        owner.beat();
        watcher.beat();
    }

    private void bothBeatAnd(Rescuer another) throws SQLException {
        bothBeat();
        another.rescue();
    }

    /** Two seconds at a time, each with a scan of the watcher's. */
    private void pass(Duration duration, Step step) throws SQLException {
        pass(duration, step, true);
    }

    private void pass(Duration duration, Step step, boolean scanned) throws SQLException {
        for (long i = 0; i < duration.toSeconds(); i += 2) {
            step.take();
            if (scanned) {
                rescuer.rescue();
            }
            elapse(Duration.ofSeconds(2));
        }
    }

    private void elapse(Duration duration) {
        nanos += duration.toNanos();
        wall.advance(duration);
    }

    private void watch(OrphanDetector detector, Duration duration) {
        detector.scan();
        for (long i = 0; i < duration.toSeconds(); i += 2) {
            elapse(Duration.ofSeconds(2));
            detector.scan();
        }
    }

    private Heartbeat heartbeat(String process) {
        return new Heartbeat(process, () -> connection, TIMEOUT, clocks, new ClockSkew(clocks));
    }

    private OrphanDetector detector(Predicate<StandingClaim> heldHere) {
        DispatchProperties properties = new DispatchProperties(10, Duration.ofSeconds(5), STALE_AFTER, TIMEOUT);
        return new OrphanDetector(queue, processes, heldHere, clocks.nanoTime(), properties);
    }

    private Rescuer rescuer(Heartbeat heartbeat, OrphanDetector detector) {
        return new Rescuer(detector, staleClaims(), processes, heartbeat, rescued::incrementAndGet);
    }

    private interface Step {
        void take() throws SQLException;
    }
}
