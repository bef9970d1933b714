package ums.web.admin;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import ums.audit.AuditEntry;
import ums.audit.AuditLog;
import ums.reading.Reads;
import ums.web.Cursor;
import ums.web.Page;

/** Lists the audit log. */
@RestController
@RequestMapping(path = "/admin/audit", produces = MediaType.APPLICATION_JSON_VALUE)
class AuditController {

    private final AuditLog audit;

    private final Reads reads;

    AuditController(AuditLog audit, Reads reads) {
        this.audit = audit;
        this.reads = reads;
    }

    /** Newest first. */
    @GetMapping
    Page<AuditView> list(
            @RequestParam(defaultValue = "50") int limit, @RequestParam(required = false) @Nullable String cursor) {
        UUID before = cursor == null ? null : Cursor.read(cursor);
        int wanted = Page.lookAhead(limit);
        List<AuditEntry> rows = reads.read(Reads.ADMINS, () -> audit.list(before, wanted));
        return Page.of(rows, limit, AuditEntry::id, AuditView::of);
    }

    /** An entry as admins see it. */
    record AuditView(
            Instant at,
            String who,
            String action,
            String target,
            @Nullable String reason) {

        private static AuditView of(AuditEntry entry) {
            return new AuditView(entry.at(), entry.who(), entry.action(), entry.target(), entry.reason());
        }
    }
}
