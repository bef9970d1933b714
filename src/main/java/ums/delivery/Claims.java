package ums.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import ums.logging.MessageLog;
import ums.logging.MessageLog.Subject;
import ums.message.Attempt;
import ums.message.MessageRepository;
import ums.queue.Claim;
import ums.queue.ClaimResult;
import ums.queue.Claimant;
import ums.queue.Queue;

/** Claims with what their attempts need, under a lease; where a claim was not answered, the queue is asked by its token. */
final class Claims {

    private static final Logger log = LoggerFactory.getLogger(Claims.class);
    private static final long AFTER_A_FAULT = TimeUnit.SECONDS.toNanos(1);

    private final Queue outbox;
    private final ClaimSource source;
    private final MessageRepository messages;
    private final ApplicationEventPublisher events;
    private final Supplier<BooleanSupplier> leases;
    private final Claimant claimant;
    private final ConcurrentLinkedQueue<Unanswered> unanswered = new ConcurrentLinkedQueue<>();
    private boolean told;

    /** @param leases leave to act on what is claimed from now on, as {@link Heartbeat#lease} gives it */
    Claims(
            Queue outbox,
            ClaimSource source,
            MessageRepository messages,
            ApplicationEventPublisher events,
            Supplier<BooleanSupplier> leases,
            Claimant claimant) {
        this.outbox = outbox;
        this.source = source;
        this.messages = messages;
        this.events = events;
        this.leases = leases;
        this.claimant = claimant;
    }

    /** Whether this process is heard of. */
    boolean mayClaim() {
        return lease().getAsBoolean();
    }

    /** Leave to act on what is claimed from now on. */
    BooleanSupplier lease() {
        return leases.get();
    }

    /** Who claims. */
    Claimant claimant() {
        return claimant;
    }

    /** The claim commits before anything is sent, and what is sent is what the claim returned. */
    List<ClaimedMessage> take(int max) {
        UUID token = UUID.randomUUID();
        BooleanSupplier lease = lease();
        try {
            return withAttempts(source.claim(token, claimant, max), lease);
        } catch (RuntimeException | Error e) {
            unanswered(token, lease, max);
            throw e;
        }
    }

    /** The database may have committed a claim without being able to say so. Its permits are kept until it can. */
    void unanswered(UUID token, BooleanSupplier lease, int permits) {
        unanswered.add(new Unanswered(token, lease, permits, System.nanoTime(), null));
        events.publishEvent(new ClaimLost("error"));
    }

    /** Whether there are claims about which the queue has given no answer yet. */
    boolean isAnyUnanswered() {
        return !unanswered.isEmpty();
    }

    /**
     * Asks about the first claim that was not answered; null where there is none, or none that may be asked about now. Where
     * the queue answers and a message cannot be had all the same, each of the claim is asked about alone from then on, so
     * that it holds up its own permit and nothing else. Called by the dispatcher's one thread.
     */
    @Nullable Answered askAgain() {
        Unanswered first = unanswered.peek();
        if (first == null || first.notBefore() - System.nanoTime() > 0) {
            return null;
        }
        try {
            List<Claim> held = first.among(outbox.claimed(first.token()));
            unanswered.remove();
            return answered(first, held);
        } catch (RuntimeException | Error e) {
            unanswered.remove();
            unanswered.add(first.later());
            tell(e);
            return null;
        }
    }

    private Answered answered(Unanswered asked, List<Claim> held) {
        try {
            List<ClaimedMessage> found = withAttempts(held, asked.lease());
            told = false;
            return new Answered(found, asked.permits());
        } catch (RuntimeException | Error e) {
            held.forEach(it -> unanswered.add(asked.alone(it)));
            tell(e);
            return new Answered(List.of(), asked.permits() - held.size());
        }
    }

    private void tell(Throwable e) {
        if (!told) {
            told = true;
            log.warn("What was claimed cannot be read now, trying again every second: {}", e.toString());
        }
    }

    /** The same message with its whole content, which may have been left unread. */
    ClaimedMessage whole(ClaimedMessage claimed) {
        return claimed.attempt().unread() == 0
                ? claimed
                : new ClaimedMessage(claimed.claim(), messages.whole(claimed.attempt()), claimed.lease());
    }

    private List<ClaimedMessage> withAttempts(List<Claim> claims, BooleanSupplier lease) {
        return claims.isEmpty() ? List.of() : paired(claims, messages.attempts(ids(claims)), lease);
    }

    private static List<UUID> ids(List<Claim> claims) {
        return claims.stream().map(Claim::aggregateId).toList();
    }

    private List<ClaimedMessage> paired(List<Claim> claims, List<Attempt> found, BooleanSupplier lease) {
        Map<UUID, Attempt> attempts = found.stream().collect(Collectors.toMap(Attempt::messageId, Function.identity()));
        List<ClaimedMessage> claimed = new ArrayList<>(claims.size());
        for (Claim claim : claims) {
            Attempt attempt = attempts.get(claim.aggregateId());
            if (attempt != null) {
                claimed.add(new ClaimedMessage(claim, attempt, lease));
            } else {
                // Somebody changed the ledger by hand: an order for a message that must not be sent is closed.
                outbox.settle(List.of(ClaimResult.published(claim)));
                events.publishEvent(new ClaimLost("status"));
                MessageLog.entryDropped(new Subject(
                        claim.aggregateId(), claim.outboxId(), claim.attempt(), null, claim.channel(), null));
            }
        }
        return claimed;
    }

    /**
     * A claim that may or may not have been committed.
     *
     * @param notBefore when it may be asked about, by the monotonic clock
     * @param only which of the orders it is about, or null for all of the token
     */
    private record Unanswered(
            UUID token,
            BooleanSupplier lease,
            int permits,
            long notBefore,
            @Nullable Long only) {

        Unanswered later() {
            return new Unanswered(token, lease, permits, System.nanoTime() + AFTER_A_FAULT, only);
        }

        Unanswered alone(Claim claim) {
            return new Unanswered(token, lease, 1, System.nanoTime() + AFTER_A_FAULT, claim.outboxId());
        }

        List<Claim> among(List<Claim> held) {
            return held.stream()
                    .filter(it -> only == null || only == it.outboxId())
                    .toList();
        }
    }

    /**
     * What had been claimed.
     *
     * @param permits how many are held for it
     */
    record Answered(List<ClaimedMessage> found, int permits) {}
}
