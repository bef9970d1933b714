package ums.web.admin;

import java.security.Principal;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import ums.channel.ErrorType;
import ums.failure.BulkDecisions;
import ums.failure.FailureFilter;
import ums.failure.Failures;
import ums.failure.SendFailure;
import ums.reading.Reads;
import ums.web.Cursor;
import ums.web.Page;
import ums.web.Problem;
import ums.web.ProblemException;

/** Failures that need an operator's decision: retry or resolve. */
@RestController
@RequestMapping(path = "/admin/failures", produces = MediaType.APPLICATION_JSON_VALUE)
class FailureController {

    private final Failures failures;
    private final BulkDecisions bulk;
    private final DecisionReader reader;
    private final Reads reads;

    FailureController(Failures failures, BulkDecisions bulk, DecisionReader reader, Reads reads) {
        this.failures = failures;
        this.bulk = bulk;
        this.reader = reader;
        this.reads = reads;
    }

    @GetMapping
    Page<FailureView> list(
            @RequestParam(required = false) @Nullable Boolean handled,
            @RequestParam(required = false) @Nullable ErrorType type,
            @RequestParam(defaultValue = "50") int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        UUID before = cursor == null ? null : Cursor.read(cursor);
        FailureFilter filter = new FailureFilter(handled, type, before, Page.lookAhead(limit));
        List<SendFailure> rows = reads.read(Reads.ADMINS, () -> failures.list(filter));
        return Page.of(rows, limit, SendFailure::id, FailureView::of);
    }

    @GetMapping("/{id}")
    FailureView find(@PathVariable UUID id) {
        return failures.find(id).map(FailureView::of).orElseThrow(FailureController::notFound);
    }

    @PatchMapping(path = "/{id}/retry", consumes = MediaType.APPLICATION_JSON_VALUE)
    FailureView retry(@PathVariable UUID id, @RequestBody byte[] body, Principal admin) {
        DecisionReader.Retry read = reader.retry(body);
        return failures.retry(id, admin.getName(), read.reason(), read.provider())
                .map(FailureView::of)
                .orElseThrow(FailureController::notFound);
    }

    /** Responds when the last one is back in the queue, at about 500 a second. */
    @PostMapping(path = "/retry", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    Retried retryMany(@RequestBody byte[] body, Principal admin) {
        DecisionReader.Bulk read = reader.bulk(body);
        DecisionReader.Retry retry = read.retry();
        return new Retried(bulk.retry(read.selection(), admin.getName(), retry.reason(), retry.provider()));
    }

    @PatchMapping(path = "/{id}/resolve", consumes = MediaType.APPLICATION_JSON_VALUE)
    FailureView resolve(@PathVariable UUID id, @RequestBody byte[] body, Principal admin) {
        DecisionReader.Resolution resolution = reader.resolution(body);
        return failures.resolve(id, resolution.decision(), admin.getName(), resolution.reason())
                .map(FailureView::of)
                .orElseThrow(FailureController::notFound);
    }

    /** How many messages went back to the queue. */
    record Retried(int retried) {}

    private static ProblemException notFound() {
        return new ProblemException(Problem.of(HttpStatus.NOT_FOUND, "NOT_FOUND", "There is no such failure."));
    }
}
