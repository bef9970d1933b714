package ums.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;
import ums.message.MessageRepository;
import ums.outbox.Claim;
import ums.outbox.OutboxService;

/** Takes back the claims of owners who will not settle them any more. */
final class StaleClaims {

    private static final Logger log = LoggerFactory.getLogger(StaleClaims.class);
    private static final int STEP = 500;

    private final OutboxService outbox;
    private final MessageRepository messages;
    private final TransactionOperations transaction;
    private final Clock clock;

    StaleClaims(OutboxService outbox, MessageRepository messages, TransactionOperations transaction, Clock clock) {
        this.outbox = outbox;
        this.messages = messages;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Makes messages whose claim is older than {@code age} wait for their next attempt, which is due at once.
     *
     * @return how many
     */
    int takeBack(Duration age) {
        int total = 0;
        List<Claim> step;
        do {
            step = step(age);
            total += step.size();
        } while (step.size() == STEP);
        if (total > 0) {
            log.warn("Took back {} claims whose owner did not settle them", total);
        }
        return total;
    }

    private List<Claim> step(Duration age) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        List<Claim> taken = transaction.execute(_ -> {
            List<Claim> claims = outbox.takeBack(age, STEP);
            if (!claims.isEmpty()) {
                messages.takenBack(claims.stream().map(Claim::aggregateId).toList(), now);
            }
            return claims;
        });
        return taken == null ? List.of() : taken;
    }
}
