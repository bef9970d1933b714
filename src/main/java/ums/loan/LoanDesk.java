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

/** Loans of all clients, for those who operate the service. */
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
     * @param before only those applied for before this one, or null for the newest
     */
    public List<Loan> list(@Nullable UUID before, int limit) {
        return repository.list(before, limit);
    }

    /** Whoever's it is. */
    public Optional<Loan> find(UUID id) {
        return repository.find(id);
    }

    /** What happened to a loan, oldest first. */
    public List<LoanChange> history(Loan loan) {
        return repository.history(loan.id());
    }

    /** What may happen to a loan now. */
    public List<LoanEvent> allowed(Loan loan) {
        return LoanTransitions.allowed(loan.status());
    }

    /**
     * Lets something happen to a loan on behalf of its client, and writes into the audit log who wanted it.
     *
     * @param admin who wants it
     * @param reason why
     * @return the loan as it stands then; empty where there is none
     * @throws TransitionNotAllowedException where it may not happen
     */
    @Transactional
    public Optional<Loan> happen(UUID id, LoanEvent event, String admin, String reason) {
        return repository.find(id).flatMap(loan -> {
            LoanCaller caller = new LoanCaller(new Sender(loan.client(), loan.test(), Set.of()), admin);
            Optional<Loan> moved = loans.happen(caller, id, event, reason, null).map(Replayable::loan);
            moved.ifPresent(_ -> audit.record(admin, "loan." + event.template(), "loan:" + id, reason));
            return moved;
        });
    }
}
