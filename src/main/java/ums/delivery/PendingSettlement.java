package ums.delivery;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import ums.channel.Failure;
import ums.message.LoadedMessage;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageUpdate;
import ums.message.RecipientState;
import ums.message.TimelineEvent;
import ums.queue.Claim;
import ums.queue.ClaimResult;

/**
 * What is to be written of one attempt.
 *
 * @param claimed the claim and its message
 * @param result to the queue
 * @param update to the ledger
 * @param reached whether the provider took the message for a recipient in this attempt, or may have
 */
record PendingSettlement(ClaimedMessage claimed, ClaimResult result, MessageUpdate update, boolean reached) {

    /** @param retryEvent the timeline's word for an attempt that is followed by another */
    static PendingSettlement of(ClaimedMessage claimed, AttemptResult result, String retryEvent, Instant now) {
        return new PendingSettlement(
                claimed,
                claimResult(claimed.claim(), result.verdict()),
                update(claimed, result, retryEvent, now),
                result.reached());
    }

    Claim claim() {
        return claimed.claim();
    }

    /** How many recipients' states are written. */
    int size() {
        return claimed.message().recipients().size();
    }

    AttemptSettled settled() {
        return new AttemptSettled(claim(), claimed.message(), update, reached);
    }

    private static ClaimResult claimResult(Claim claim, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Retry it -> ClaimResult.delayed(claim, it.at());
            case Verdict.Release it -> ClaimResult.released(claim, it.at());
            case Verdict.Sent _, Verdict.Failed _, Verdict.Review _, Verdict.Forbidden _ ->
                ClaimResult.published(claim);
        };
    }

    private static MessageUpdate update(ClaimedMessage claimed, AttemptResult result, String retryEvent, Instant now) {
        LoadedMessage message = claimed.message();
        Verdict verdict = result.verdict();
        return new MessageUpdate(
                message.id(),
                verdict.status(),
                now,
                // What cannot be read is not overwritten.
                message.unreadable().isEmpty() ? result.recipients() : null,
                verdict.error(),
                verdict.due(),
                event(message, result, retryEvent, now),
                claimed.claim().at(),
                verdict.counts(),
                result.provider(),
                result.bound() && !message.test());
    }

    private static TimelineEvent event(LoadedMessage message, AttemptResult result, String retryEvent, Instant now) {
        String type = type(result.verdict(), retryEvent);
        Failure error = result.verdict().error();
        if (error != null) {
            return TimelineEvent.failed(type, now, message.attempt(), error);
        }
        RecipientState answered = firstAnswered(result.recipients());
        return TimelineEvent.replied(
                        type,
                        now,
                        message.attempt(),
                        answered == null ? null : answered.code(),
                        answered == null ? null : answered.reply())
                .at(result.provider());
    }

    private static @Nullable RecipientState firstAnswered(List<RecipientState> recipients) {
        return recipients.stream().filter(it -> it.reply() != null).findFirst().orElse(null);
    }

    private static String type(Verdict verdict, String retryEvent) {
        return switch (verdict) {
            case Verdict.Sent _ -> "sent";
            case Verdict.Retry _, Verdict.Release _ -> retryEvent;
            case Verdict.Failed _ -> "failed";
            case Verdict.Review _, Verdict.Forbidden _ -> "review";
        };
    }
}
