package ums.delivery;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import ums.queue.Orphans;
import ums.queue.ProcessBeat;
import ums.queue.Queue;
import ums.queue.StandingClaim;

/**
 * Finds claims whose owners will not settle them, by scanning: a process is dead when its heartbeat has not changed for long
 * enough, and a claim is stale when its token has not. Times are measured by this process's monotonic clock, never by the
 * database's.
 *
 * <p>Only watched time counts: where the last scan was long ago, as the database or this process was paused, a step of {@link
 * #LONGEST_STEP} is added at most.
 */
final class OrphanDetector {

    private static final int MOST_PROCESSES = 5_000;
    private static final int MOST_CLAIMS = 2_000;
    private static final int MOST_DEAD = 200;

    /** Two intervals of {@link Rescuer}. */
    private static final Duration LONGEST_STEP = Duration.ofSeconds(4);

    private final Queue queue;
    private final Processes processes;
    private final Predicate<StandingClaim> heldHere;
    private final LongSupplier nanoTime;
    private final long staleNanos;
    private final long deadNanos;
    private Map<ProcessBeat, Long> beats = Map.of();
    private Map<StandingClaim, Long> claims = Map.of();
    private long watchedNanos;
    private long scannedAt;

    /**
     * @param heldHere whether this process is working on a claim, under a valid lease
     * @param nanoTime a monotonic clock
     */
    OrphanDetector(
            Queue queue,
            Processes processes,
            Predicate<StandingClaim> heldHere,
            LongSupplier nanoTime,
            DispatchProperties properties) {
        this.queue = queue;
        this.processes = processes;
        this.heldHere = heldHere;
        this.nanoTime = nanoTime;
        this.staleNanos = properties.staleAfter().toNanos();
        this.deadNanos = properties.heartbeatTimeout().toNanos();
        this.scannedAt = nanoTime.getAsLong();
    }

    /** Scans heartbeats and claims. A scan that the database does not answer adds no time. */
    synchronized void scan() {
        long startedAt = nanoTime.getAsLong();
        List<ProcessBeat> beatsNow = processes.beats(MOST_PROCESSES);
        List<StandingClaim> claimsNow = queue.standing(MOST_CLAIMS);
        watchedNanos += Math.min(startedAt - scannedAt, Math.min(LONGEST_STEP.toNanos(), deadNanos / 2));
        scannedAt = nanoTime.getAsLong();
        beats = firstSeen(beats, beatsNow);
        claims = firstSeen(claims, claimsNow);
    }

    private <T> Map<T, Long> firstSeen(Map<T, Long> before, List<T> now) {
        Map<T, Long> seen = HashMap.newHashMap(now.size());
        now.forEach(it -> seen.put(it, before.getOrDefault(it, watchedNanos)));
        return seen;
    }

    /** The orphans by the scans so far. */
    synchronized Orphans orphans() {
        return new Orphans(
                seenFor(beats, deadNanos).limit(MOST_DEAD).toList(),
                seenFor(claims, staleNanos).filter(this::isAbandoned).toList());
    }

    private <T> Stream<T> seenFor(Map<T, Long> firstSeen, long nanos) {
        return firstSeen.entrySet().stream()
                .filter(it -> watchedNanos - it.getValue() >= nanos)
                .map(Map.Entry::getKey);
    }

    /**
     * This process settles the claims that it is working on: it cuts an attempt off before it is stale, and keeps an outcome
     * that the database has not taken yet. A thread that never ends keeps its claim for twice the time at most.
     */
    private boolean isAbandoned(StandingClaim claim) {
        return !heldHere.test(claim) || watchedNanos - claims.getOrDefault(claim, watchedNanos) >= 2 * staleNanos;
    }
}
