package ums.message;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Ends messages whose {@code expiresAt} has passed while they waited. A claim skips them by itself, so the interval between
 * two runs decides only how soon they are EXPIRED. Every process that sends runs it from time to time; several at once share
 * the work.
 */
@Service
public class Expiry {

    private static final int STEP = 500;

    private final MessageEndings endings;
    private final TransactionOperations transaction;
    private final Clock clock;

    Expiry(MessageEndings endings, TransactionOperations transaction, Clock clock) {
        this.endings = endings;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Ends the unclaimed messages that have expired, each 500 in a transaction, so that locks are held shortly. A claimed one
     * is left to a later run, after its attempt.
     */
    public void run() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Integer ended = STEP;
        while (ended != null && ended == STEP) {
            ended = transaction.execute(_ -> endings.expire(now, STEP));
        }
    }
}
