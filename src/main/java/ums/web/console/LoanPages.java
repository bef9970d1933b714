package ums.web.console;

import java.security.Principal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import ums.channel.InvalidContentException;
import ums.loan.Loan;
import ums.loan.LoanChange;
import ums.loan.LoanDesk;
import ums.loan.LoanEvent;
import ums.loan.LoanStatus;
import ums.loan.TransitionNotAllowedException;
import ums.message.SenderNotAllowedException;
import ums.reading.Reads;
import ums.web.Cursor;
import ums.web.Page;
import ums.web.ProblemException;

/** Loans of all clients: their states, histories and possible events. */
@Controller
@RequestMapping("/console/loans")
class LoanPages {

    private static final int PAGE = 50;

    private final LoanDesk loans;
    private final Decider decider;
    private final Reads reads;

    LoanPages(LoanDesk loans, Decider decider, Reads reads) {
        this.loans = loans;
        this.decider = decider;
        this.reads = reads;
    }

    @GetMapping
    String list(@RequestParam(required = false) @Nullable String cursor, Model model) {
        UUID before = cursor == null ? null : Cursor.read(cursor);
        List<Loan> rows = reads.read(Reads.ADMINS, () -> loans.list(before, Page.lookAhead(PAGE)));
        Page<Loan> page = Page.of(rows, PAGE, Loan::id, it -> it);
        model.addAttribute("loans", page.data()).addAttribute("next", page.nextCursor());
        return "console/loans";
    }

    @GetMapping("/{id}")
    String loan(@PathVariable UUID id, Model model) {
        Loan loan = loans.find(id).orElseThrow(NotFoundException::new);
        List<LoanChange> history = reads.read(Reads.ADMINS, () -> loans.history(loan));
        Set<LoanStatus> passed = history.stream().map(LoanChange::from).collect(Collectors.toCollection(HashSet::new));
        passed.remove(loan.status());
        model.addAttribute("loan", loan)
                .addAttribute("history", history)
                .addAttribute("allowed", loans.allowed(loan))
                .addAttribute("here", loan.status().name())
                .addAttribute("passed", passed.stream().map(LoanStatus::name).toList());
        return "console/loan";
    }

    @PostMapping("/{id}/events")
    String handle(
            @PathVariable UUID id,
            @RequestParam LoanEvent event,
            @RequestParam(defaultValue = "") String reason,
            Principal admin,
            RedirectAttributes after) {
        try {
            loans.handle(id, event, admin.getName(), decider.reason(reason)).orElseThrow(NotFoundException::new);
            after.addFlashAttribute("done", "loan.moved");
        } catch (TransitionNotAllowedException _) {
            after.addFlashAttribute("refused", "loan.not-allowed");
        } catch (InvalidContentException | SenderNotAllowedException _) {
            after.addFlashAttribute("refused", "loan.untold");
        } catch (ProblemException e) {
            after.addFlashAttribute("faults", FormBody.faults(e));
        }
        return "redirect:/console/loans/" + id;
    }
}
