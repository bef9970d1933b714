package ums.loan;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochRandomGenerator;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import ums.message.Idempotency;
import ums.message.IdempotencyKeyReusedException;
import ums.message.MessageService;
import ums.message.NewMessage;
import ums.message.OnUnknown;
import ums.message.Options;
import ums.queue.Priority;

/**
 * The lender's business. A change of state, its row in the history and the message about it are one transaction: the message
 * is accepted within it, and where it cannot be, nothing has happened.
 */
@Service
public class Loans {

    private static final String BUSINESS = "loan";
    private static final String CHANNEL = "email";

    private final TimeBasedEpochRandomGenerator ids = Generators.timeBasedEpochRandomGenerator();
    private final LoanRepository loans;
    private final LoanMessages words;
    private final MessageService messages;
    private final TransactionTemplate transaction;
    private final Clock clock;

    Loans(
            LoanRepository loans,
            LoanMessages words,
            MessageService messages,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.loans = loans;
        this.words = words;
        this.messages = messages;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /**
     * Takes an application. Nobody is told.
     *
     * @param idempotency what makes a repetition one, or null
     * @throws IdempotencyKeyReusedException where the key stands for another application
     */
    public Replayable apply(LoanCaller caller, NewLoan terms, @Nullable Idempotency idempotency) {
        return once(it -> loans.findApplication(caller.owner(), it), idempotency, () -> {
                    Instant now = now();
                    Loan loan = new Loan(
                            ids.generate(),
                            caller.owner().client(),
                            caller.owner().test(),
                            terms,
                            LoanTransitions.FIRST,
                            now,
                            now);
                    loans.insert(loan, idempotency);
                    return Optional.of(new Replayable(loan, false));
                })
                .orElseThrow();
    }

    /** The caller's loan; empty where it is another's, too. */
    public Optional<Loan> find(LoanCaller caller, UUID id) {
        return loans.find(caller.owner(), id);
    }

    /** What happened to the caller's loan, oldest first; empty where it is another's, too. */
    public Optional<List<LoanChange>> history(LoanCaller caller, UUID id) {
        return loans.find(caller.owner(), id).map(it -> loans.history(it.id()));
    }

    /**
     * Lets something happen to a loan and tells its customer.
     *
     * @param reason why, for the history, or null
     * @param idempotency what makes a repetition one, or null; its hash is to tell loans apart
     * @return the loan as it stands then; empty where it is another's or there is none
     * @throws TransitionNotAllowedException where it may not happen
     * @throws IdempotencyKeyReusedException where the key stands for another request
     * @throws ums.channel.InvalidContentException where the customer cannot be written to
     * @throws ums.message.SenderNotAllowedException where the caller may not send as {@code ums.email.from}
     */
    public Optional<Replayable> happen(
            LoanCaller caller, UUID id, LoanEvent event, @Nullable String reason, @Nullable Idempotency idempotency) {
        return once(
                it -> loans.findChange(caller.owner(), it),
                idempotency,
                () -> move(caller, id, event, reason, idempotency));
    }

    /** Reads and moves until nobody else moved it in between; who comes second is judged by where it stands then. */
    private Optional<Replayable> move(
            LoanCaller caller, UUID id, LoanEvent event, @Nullable String reason, @Nullable Idempotency idempotency) {
        while (true) {
            Optional<Loan> found = loans.find(caller.owner(), id);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Loan loan = found.get();
            LoanStatus to = LoanTransitions.next(loan.status(), event)
                    .orElseThrow(() -> new TransitionNotAllowedException(
                            event, loan.status(), LoanTransitions.allowed(loan.status())));
            Instant now = now();
            if (loans.move(loan, to, now)) {
                UUID row = ids.generate();
                UUID message = tell(caller, loan, event, row, now);
                LoanChange change = new LoanChange(loan.status(), to, event, caller.name(), reason, now, message);
                loans.insert(row, loan, change, idempotency);
                return Optional.of(new Replayable(loan.movedTo(to, now), false));
            }
        }
    }

    /** What a test key applied for is moved by test keys, and by admins, as a test. */
    private UUID tell(LoanCaller caller, Loan loan, LoanEvent event, UUID row, Instant now) {
        Options options = new Options(
                "loan:" + loan.id(), Map.of(), event.purpose(), Priority.NORMAL, null, null, OnUnknown.REVIEW);
        return messages.accept(new NewMessage(
                        caller.sender(),
                        CHANNEL,
                        words.about(loan, event, now),
                        options,
                        Idempotency.of(BUSINESS, row)))
                .id();
    }

    /**
     * Does something in one transaction, unless a request with the same key did it. Of two at the same moment one finds the
     * key taken, or the loan moved, and is then the replay.
     */
    private Optional<Replayable> once(
            Function<Idempotency, Optional<LoanRepository.Earlier>> earlier,
            @Nullable Idempotency idempotency,
            Supplier<Optional<Replayable>> work) {
        Optional<Replayable> replay = replay(earlier, idempotency);
        if (replay.isPresent()) {
            return replay;
        }
        try {
            Optional<Replayable> done = transaction.execute(_ -> work.get());
            return done == null ? Optional.empty() : done;
        } catch (DuplicateKeyException | TransitionNotAllowedException e) {
            return Optional.of(replay(earlier, idempotency).orElseThrow(() -> e));
        }
    }

    private static Optional<Replayable> replay(
            Function<Idempotency, Optional<LoanRepository.Earlier>> earlier, @Nullable Idempotency idempotency) {
        if (idempotency == null) {
            return Optional.empty();
        }
        return earlier.apply(idempotency).map(it -> {
            if (!MessageDigest.isEqual(it.requestHash(), idempotency.requestHash())) {
                throw new IdempotencyKeyReusedException();
            }
            return new Replayable(it.loan(), true);
        });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
