package ums.loan;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import ums.audit.AuditLog;
import ums.message.Sender;

/** Loans of all clients, for operators. */
@Service
public class LoanDesk {

    private final Loans loans;
    private final LoanRepository repository;
    private final AuditLog audit;

    LoanDesk(Loans loans, LoanRepository repository, AuditLog audit) {
        this.loans = loans;
        this.repository = repository;
        this.audit = audit;
    }

    /**
     * Loans, the newest first.
     *
     * @param before only loans applied for before this one, or null to start with the newest
     */
    public List<Loan> list(@Nullable UUID before, int limit) {
        return repository.list(before, limit);
    }

    /** A loan of any client. */
    public Optional<Loan> find(UUID id) {
        return repository.find(id);
    }

    /** A loan's history, oldest first. */
    public List<LoanChange> history(Loan loan) {
        return repository.history(loan.id());
    }

    /** The events that a loan's status allows. */
    public List<LoanEvent> allowed(Loan loan) {
        return LoanTransitions.allowed(loan.status());
    }

    /**
     * Applies an event to a loan on behalf of its client, and records the admin in the audit log.
     *
     * @param admin the admin's name
     * @param reason the reason, for history and audit log
     * @return the loan after the event; empty if there is none
     * @throws TransitionNotAllowedException if its status does not allow the event
     */
    @Transactional
    public Optional<Loan> handle(UUID id, LoanEvent event, String admin, String reason) {
        return repository.find(id).flatMap(loan -> {
            LoanCaller caller = new LoanCaller(new Sender(loan.client(), loan.test(), Set.of()), admin);
            Optional<Loan> moved = loans.handle(caller, id, event, reason, null).map(Replayable::loan);
            moved.ifPresent(_ -> audit.record(admin, "loan." + event.template(), "loan:" + id, reason));
            return moved;
        });
    }
}
