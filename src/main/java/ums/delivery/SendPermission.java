package ums.delivery;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import ums.message.LoadedMessage;
import ums.message.OnUnknown;
import ums.message.Purpose;
import ums.message.Ruling;
import ums.message.SendingRule;
import ums.queue.Queue;

/** Whether a claimed message may be sent: asked before the attempt, and again right before the provider could take it. */
final class SendPermission {

    private final Map<Purpose, SendingRule> rules;
    private final RetryPolicy policy;
    private final Queue queue;
    private final Clock clock;

    /** @param rules messages of a purpose without a rule are always allowed */
    SendPermission(Map<Purpose, SendingRule> rules, RetryPolicy policy, Queue queue, Clock clock) {
        this.rules = rules;
        this.policy = policy;
        this.queue = queue;
        this.clock = clock;
    }

    /** The ruling of the message's purpose. */
    Ruling ruling(LoadedMessage message) {
        SendingRule rule = rules.get(message.purpose());
        return rule == null ? Ruling.ALWAYS : rule.decide(message);
    }

    /**
     * Whether the provider may take the message now: the claim and its lease are valid, the message has not expired, and its
     * ruling still holds. An unknown outcome that needs a review is marked in the queue first; a retried one saves that write.
     */
    boolean mayFinish(ClaimedMessage claimed, Instant allowedUntil) {
        boolean marked = policy.onUnknown(claimed.message()) == OnUnknown.RETRY || queue.markInDoubt(claimed.claim());
        // Read last, as the write may take long.
        Instant now = clock.instant();
        Instant expiresAt = claimed.message().expiresAt();
        return marked
                && (expiresAt == null || expiresAt.isAfter(now))
                && allowedUntil.isAfter(now)
                && claimed.lease().getAsBoolean();
    }
}
