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
import org.springframework.transaction.support.TransactionOperations;
import ums.message.Idempotency;
import ums.message.IdempotencyKeyReusedException;
import ums.message.MessageService;
import ums.message.NewMessage;
import ums.message.OnUnknown;
import ums.message.Options;
import ums.queue.Priority;

/**
 * Loans. A change of state, its row in the history and the message about it are one transaction: the message is
 * accepted within it, and if it cannot be, nothing is changed.
 */
@Service
public class Loans {

    private static final String BUSINESS = "loan";
    private static final String CHANNEL = "email";

    private final TimeBasedEpochRandomGenerator ids = Generators.timeBasedEpochRandomGenerator();
    private final LoanRepository loans;
    private final LoanMessages templates;
    private final MessageService messages;
    private final TransactionOperations transaction;
    private final Clock clock;

    Loans(
            LoanRepository loans,
            LoanMessages templates,
            MessageService messages,
            TransactionOperations transaction,
            Clock clock) {
        this.loans = loans;
        this.templates = templates;
        this.messages = messages;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Creates a loan from an application. The customer gets no message.
     *
     * @param idempotency the caller's idempotency key, or null
     * @throws IdempotencyKeyReusedException if the key was used for another application
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

    /** The caller's loan; empty also if it belongs to another client. */
    public Optional<Loan> find(LoanCaller caller, UUID id) {
        return loans.find(caller.owner(), id);
    }

    /** The history of the caller's loan, oldest first; empty also if it belongs to another client. */
    public Optional<List<LoanChange>> history(LoanCaller caller, UUID id) {
        return loans.find(caller.owner(), id).map(it -> loans.history(it.id()));
    }

    /**
     * Applies an event to a loan and sends its customer a message.
     *
     * @param reason the reason, for the history, or null
     * @param idempotency the caller's idempotency key, or null; its hash must cover the loan's id
     * @return the loan after the event; empty if there is none, or it belongs to another client
     * @throws TransitionNotAllowedException if its status does not allow the event
     * @throws IdempotencyKeyReusedException if the key was used for another request
     * @throws ums.channel.InvalidContentException if the message to the customer is not valid
     * @throws ums.message.SenderNotAllowedException if the caller may not send as {@code ums.email.from}
     */
    public Optional<Replayable> handle(
            LoanCaller caller, UUID id, LoanEvent event, @Nullable String reason, @Nullable Idempotency idempotency) {
        return once(
                it -> loans.findChange(caller.owner(), it),
                idempotency,
                () -> move(caller, id, event, reason, idempotency));
    }

    /** Retries until no concurrent change intervenes, so that a later event is checked against the newer status. */
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
                UUID message = notifyCustomer(caller, loan, event, row, now);
                LoanChange change = new LoanChange(loan.status(), to, event, caller.name(), reason, now, message);
                loans.insert(row, loan, change, idempotency);
                return Optional.of(new Replayable(loan.withStatus(to, now), false));
            }
        }
    }

    /** A loan of a test key can only be changed by test keys, and by admins as a test. */
    private UUID notifyCustomer(LoanCaller caller, Loan loan, LoanEvent event, UUID row, Instant now) {
        Options options = new Options(
                "loan:" + loan.id(), Map.of(), event.purpose(), Priority.NORMAL, null, null, OnUnknown.REVIEW);
        return messages.accept(new NewMessage(
                        caller.sender(),
                        CHANNEL,
                        templates.about(loan, event, now),
                        options,
                        Idempotency.of(BUSINESS, row)))
                .id();
    }

    /**
     * Runs work in one transaction, unless an earlier request with the same key did it. Of two concurrent requests the
     * second fails on the key or on the loan's new status, and is then answered as a replay.
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
