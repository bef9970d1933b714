package ums.web.api;

import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import ums.access.ApiKey;
import ums.loan.Loan;
import ums.loan.LoanCaller;
import ums.loan.LoanChange;
import ums.loan.LoanStatus;
import ums.loan.Loans;
import ums.loan.NewLoan;
import ums.loan.Replayable;
import ums.reading.Reads;
import ums.web.Listing;
import ums.web.Problem;
import ums.web.ProblemException;

/** Loans: apply for one, send it events, read its history. */
@RestController
@RequestMapping(path = "/api/loans", produces = MediaType.APPLICATION_JSON_VALUE)
class LoanController {

    private final Loans loans;
    private final LoanReader reader;
    private final Reads reads;

    LoanController(Loans loans, LoanReader reader, Reads reads) {
        this.loans = loans;
        this.reader = reader;
        this.reads = reads;
    }

    /** 201, or 200 if an earlier request with the same key created the loan. */
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<LoanView> apply(
            @RequestBody byte[] body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
            @AuthenticationPrincipal ApiKey key) {
        LoanReader.Application application = reader.application(body, idempotencyKey);
        Replayable created = loans.apply(caller(key), application.terms(), application.idempotency());
        return answer(created, HttpStatus.CREATED)
                .location(URI.create("/api/loans/" + created.loan().id()))
                .body(LoanView.of(created.loan()));
    }

    @GetMapping("/{id}")
    LoanView find(@PathVariable UUID id, @AuthenticationPrincipal ApiKey key) {
        return loans.find(caller(key), id).map(LoanView::of).orElseThrow(LoanController::notFound);
    }

    /** 200 with the loan's new state, once the change and the message about it are committed. */
    @PostMapping(path = "/{id}/events", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<LoanView> handle(
            @PathVariable UUID id,
            @RequestBody byte[] body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
            @AuthenticationPrincipal ApiKey key) {
        LoanReader.Event event = reader.event(body, id, idempotencyKey);
        Replayable handled = loans.handle(caller(key), id, event.event(), event.reason(), event.idempotency())
                .orElseThrow(LoanController::notFound);
        return answer(handled, HttpStatus.OK).body(LoanView.of(handled.loan()));
    }

    @GetMapping("/{id}/history")
    Listing<LoanChange> history(@PathVariable UUID id, @AuthenticationPrincipal ApiKey key) {
        return new Listing<>(
                reads.read(key.client(), () -> loans.history(caller(key), id)).orElseThrow(LoanController::notFound));
    }

    private static LoanCaller caller(ApiKey key) {
        return new LoanCaller(MessageReader.sender(key), key.name());
    }

    private static ResponseEntity.BodyBuilder answer(Replayable done, HttpStatus first) {
        return done.replayed()
                ? ResponseEntity.ok().header("Idempotent-Replayed", "true")
                : ResponseEntity.status(first);
    }

    private static ProblemException notFound() {
        return new ProblemException(
                Problem.of(HttpStatus.NOT_FOUND, "NOT_FOUND", "There is no such loan, or it is not yours."));
    }

    /** A loan as its client sees it. */
    record LoanView(
            UUID id,
            String contractNo,
            String customerId,
            String customerEmail,
            String customerName,
            String language,
            long principal,
            LoanStatus status,
            Instant createdAt,
            Instant updatedAt) {

        private static LoanView of(Loan loan) {
            NewLoan terms = loan.terms();
            return new LoanView(
                    loan.id(),
                    terms.contractNo(),
                    terms.customerId(),
                    terms.customerEmail(),
                    terms.customerName(),
                    terms.language().code(),
                    terms.principal(),
                    loan.status(),
                    loan.createdAt(),
                    loan.updatedAt());
        }
    }
}
