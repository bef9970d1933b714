package ums.web.console;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import ums.audit.AuditEntry;
import ums.audit.AuditLog;
import ums.reading.Reads;
import ums.web.Cursor;
import ums.web.Page;

/** Shows the audit log. */
@Controller
class AuditPages {

    private static final int PAGE = 50;

    private final AuditLog audit;

    private final Reads reads;

    AuditPages(AuditLog audit, Reads reads) {
        this.audit = audit;
        this.reads = reads;
    }

    @GetMapping("/console/audit")
    String list(@RequestParam(required = false) @Nullable String cursor, Model model) {
        UUID before = cursor == null ? null : Cursor.read(cursor);
        List<AuditEntry> rows = reads.read(Reads.ADMINS, () -> audit.list(before, Page.lookAhead(PAGE)));
        Page<Row> page = Page.of(rows, PAGE, AuditEntry::id, Row::of);
        model.addAttribute("rows", page.data()).addAttribute("next", page.nextCursor());
        return "console/audit";
    }

    /**
     * A row of the page.
     *
     * @param message the id of the message that the entry is about, or null
     */
    record Row(AuditEntry entry, @Nullable String message) {

        private static final String MESSAGE = "message:";

        private static Row of(AuditEntry entry) {
            int at = entry.target().indexOf(MESSAGE);
            return new Row(
                    entry,
                    at < 0
                            ? null
                            : entry.target().substring(at + MESSAGE.length()).split(" ")[0]);
        }
    }
}
