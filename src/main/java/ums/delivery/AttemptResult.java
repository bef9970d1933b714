package ums.delivery;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import ums.message.LoadedMessage;
import ums.message.RecipientState;

/**
 * What an attempt changes.
 *
 * @param verdict what follows for the message
 * @param recipients the state of all of the message's recipients
 * @param reached whether the provider took the message for a recipient in this attempt, or may have
 * @param provider the id of the account that had the attempt last, or null
 * @param bound whether its outcome there is unknown, so that no other account may have the message
 */
record AttemptResult(
        Verdict verdict,
        List<RecipientState> recipients,
        boolean reached,
        @Nullable String provider,
        boolean bound) {

    /** The result of an attempt that was not made. */
    static AttemptResult unsent(LoadedMessage message, Verdict verdict) {
        return new AttemptResult(verdict, message.recipients(), false, null, false);
    }

    AttemptResult with(Verdict other) {
        return new AttemptResult(other, recipients, reached, provider, bound);
    }

    /** The next attempt is due at the message's expiry at the latest; the expiry then ends the message. */
    AttemptResult notPast(@Nullable Instant expiresAt) {
        return with(verdict.notPast(expiresAt));
    }
}
