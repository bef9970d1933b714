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
 * Finds claims whose owners will not settle them, by what this process itself sees: a process is dead when its heartbeat has
 * not changed, and a claim is stale when it has stood under the same token, for long enough. Whatever a database's clock says,
 * and however it is set, plays no part.
 *
 * <p>Time passes here only as far as it is watched: where the last scan was long ago, since the database was away or this
 * process stood still, only a moment of it counts.
 */
final class OrphanDetector {

    private static final int MOST_PROCESSES = 5_000;
    private static final int MOST_CLAIMS = 2_000;
    private static final int MOST_DEAD = 200;

    /** Two intervals of {@link Rescuer}. */
    private static final Duration LONGEST_STEP = Duration.ofSeconds(4);

    private final Queue outbox;
    private final Processes processes;
    private final Predicate<StandingClaim> inHand;
    private final LongSupplier nanoTime;
    private final long staleNanos;
    private final long deadNanos;
    private Map<ProcessBeat, Long> beats = Map.of();
    private Map<StandingClaim, Long> claims = Map.of();
    private long watched;
    private long scannedAt;

    /**
     * @param inHand whether this process is at work on a claim, and may be
     * @param nanoTime a monotonic clock
     */
    OrphanDetector(
            Queue outbox,
            Processes processes,
            Predicate<StandingClaim> inHand,
            LongSupplier nanoTime,
            DispatchProperties properties) {
        this.outbox = outbox;
        this.processes = processes;
        this.inHand = inHand;
        this.nanoTime = nanoTime;
        this.staleNanos = properties.staleAfter().toNanos();
        this.deadNanos = properties.heartbeatTimeout().toNanos();
        this.scannedAt = nanoTime.getAsLong();
    }

    /** Scans heartbeats and claims. Where the database does not answer, nothing was seen and no time has passed. */
    synchronized void scan() {
        long begun = nanoTime.getAsLong();
        List<ProcessBeat> beatsNow = processes.beats(MOST_PROCESSES);
        List<StandingClaim> claimsNow = outbox.standing(MOST_CLAIMS);
        watched += Math.min(begun - scannedAt, Math.min(LONGEST_STEP.toNanos(), deadNanos / 2));
        scannedAt = nanoTime.getAsLong();
        beats = firstSeen(beats, beatsNow);
        claims = firstSeen(claims, claimsNow);
    }

    private <T> Map<T, Long> firstSeen(Map<T, Long> before, List<T> now) {
        Map<T, Long> seen = HashMap.newHashMap(now.size());
        now.forEach(it -> seen.put(it, before.getOrDefault(it, watched)));
        return seen;
    }

    /** What the scans so far have shown. */
    synchronized Orphans orphans() {
        return new Orphans(
                seenFor(beats, deadNanos).limit(MOST_DEAD).toList(),
                seenFor(claims, staleNanos).filter(this::isLetGo).toList());
    }

    private <T> Stream<T> seenFor(Map<T, Long> firstSeen, long nanos) {
        return firstSeen.entrySet().stream()
                .filter(it -> watched - it.getValue() >= nanos)
                .map(Map.Entry::getKey);
    }

    /**
     * What this process is at work on, it settles itself: an attempt is cut off before it is stale, and an outcome that the
     * database did not take yet is known here. A thread that never ends must not keep its claim all the same.
     */
    private boolean isLetGo(StandingClaim claim) {
        return !inHand.test(claim) || watched - claims.getOrDefault(claim, watched) >= 2 * staleNanos;
    }
}
