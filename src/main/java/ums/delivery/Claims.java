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
import ums.message.LoadedMessage;
import ums.message.MessageRepository;
import ums.queue.Claim;
import ums.queue.ClaimResult;
import ums.queue.Claimant;
import ums.queue.Claimant.Allowance;
import ums.queue.Queue;

/**
 * Claims messages with what their attempts need, under a lease. A claim whose answer was lost may be committed: the queue is
 * then asked for it by its token, and its permits are kept until the queue answers.
 */
final class Claims {

    private static final Logger log = LoggerFactory.getLogger(Claims.class);
    private static final long AFTER_A_FAULT = TimeUnit.SECONDS.toNanos(1);

    private final Queue queue;
    private final ClaimSource source;
    private final MessageRepository messages;
    private final ApplicationEventPublisher events;
    private final Supplier<BooleanSupplier> leases;
    private final Claimant claimant;
    private final ConcurrentLinkedQueue<Unanswered> unanswered = new ConcurrentLinkedQueue<>();
    private boolean logged;

    /** @param leases makes the lease of a claim, as {@link Heartbeat#lease} */
    Claims(
            Queue queue,
            ClaimSource source,
            MessageRepository messages,
            ApplicationEventPublisher events,
            Supplier<BooleanSupplier> leases,
            Claimant claimant) {
        this.queue = queue;
        this.source = source;
        this.messages = messages;
        this.events = events;
        this.leases = leases;
        this.claimant = claimant;
    }

    /** Whether this process has a valid lease. */
    boolean mayClaim() {
        return lease().getAsBoolean();
    }

    /** The lease of claims that are made from now on. */
    BooleanSupplier lease() {
        return leases.get();
    }

    Claimant claimant() {
        return claimant;
    }

    /** Claims up to {@code max} messages, of each channel what it is allowed. The claim is committed before any of them is sent. */
    List<ClaimedMessage> claim(int max, Map<String, Allowance> allowances) {
        UUID token = UUID.randomUUID();
        BooleanSupplier lease = lease();
        try {
            return withAttempts(source.claim(token, claimant.with(allowances), max), lease);
        } catch (RuntimeException | Error e) {
            addUnanswered(token, lease, max);
            throw e;
        }
    }

    /** Keeps the permits of a claim whose answer was lost, until the queue is asked for it. */
    void addUnanswered(UUID token, BooleanSupplier lease, int permits) {
        unanswered.add(new Unanswered(token, lease, permits, System.nanoTime(), null));
        events.publishEvent(new ClaimLost("error"));
    }

    /** Whether there are claims whose answers are not known yet. */
    boolean isAnyUnanswered() {
        return !unanswered.isEmpty();
    }

    /**
     * Asks the queue for the first claim that was not answered; null where there is none, or it was asked a moment ago. If the
     * queue answers and the messages cannot be read, each is asked for alone from then on, so that one that cannot be read
     * keeps its own permit only. Called by the dispatcher's thread.
     */
    @Nullable Answered askForUnanswered() {
        Unanswered first = unanswered.peek();
        if (first == null || first.notBefore() - System.nanoTime() > 0) {
            return null;
        }
        try {
            List<Claim> held = first.among(queue.claimed(first.token()));
            unanswered.remove();
            return answered(first, held);
        } catch (RuntimeException | Error e) {
            unanswered.remove();
            unanswered.add(first.later());
            logOnce(e);
            return null;
        }
    }

    private Answered answered(Unanswered asked, List<Claim> held) {
        try {
            List<ClaimedMessage> found = withAttempts(held, asked.lease());
            logged = false;
            return new Answered(found, asked.permits());
        } catch (RuntimeException | Error e) {
            held.forEach(it -> unanswered.add(asked.alone(it)));
            logOnce(e);
            return new Answered(List.of(), asked.permits() - held.size());
        }
    }

    private void logOnce(Throwable e) {
        if (!logged) {
            logged = true;
            log.warn("What was claimed cannot be read now, trying again every second: {}", e.toString());
        }
    }

    /** The same message with its whole content, which a claim may have left unread. */
    ClaimedMessage whole(ClaimedMessage claimed) {
        return claimed.message().unread() == 0
                ? claimed
                : new ClaimedMessage(claimed.claim(), messages.withContent(claimed.message()), claimed.lease());
    }

    private List<ClaimedMessage> withAttempts(List<Claim> claims, BooleanSupplier lease) {
        return claims.isEmpty() ? List.of() : paired(claims, messages.load(ids(claims)), lease);
    }

    private static List<UUID> ids(List<Claim> claims) {
        return claims.stream().map(Claim::aggregateId).toList();
    }

    private List<ClaimedMessage> paired(List<Claim> claims, List<LoadedMessage> found, BooleanSupplier lease) {
        Map<UUID, LoadedMessage> byId =
                found.stream().collect(Collectors.toMap(LoadedMessage::id, Function.identity()));
        List<ClaimedMessage> claimed = new ArrayList<>(claims.size());
        for (Claim claim : claims) {
            LoadedMessage message = byId.get(claim.aggregateId());
            if (message != null) {
                claimed.add(new ClaimedMessage(claim, message, lease));
            } else {
                // The ledger was changed by hand: the entry of a message that must not be sent is closed.
                queue.settle(List.of(ClaimResult.published(claim)));
                events.publishEvent(new ClaimLost("status"));
                MessageLog.entryDropped(new Subject(
                        claim.aggregateId(), claim.outboxId(), claim.attempt(), null, claim.channel(), null));
            }
        }
        return claimed;
    }

    /**
     * A claim that may be committed.
     *
     * @param notBefore when the queue may be asked for it, by the monotonic clock
     * @param only the entry to ask for, or null for all with the token
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
     * The late answer to a claim.
     *
     * @param found the messages that it claimed
     * @param permits how many were kept for it
     */
    record Answered(List<ClaimedMessage> found, int permits) {}
}
