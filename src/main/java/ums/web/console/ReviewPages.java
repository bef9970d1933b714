package ums.web.console;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
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
import ums.channel.ErrorType;
import ums.failure.BulkDecisions;
import ums.failure.Decision;
import ums.failure.FailureGroups;
import ums.failure.RetryEffect;
import ums.failure.SendFailure;
import ums.message.Message;
import ums.message.MessageSearch;
import ums.message.MessageStatus;
import ums.message.NotRoutableException;
import ums.provider.Account;
import ums.provider.Providers;
import ums.reading.Reads;
import ums.reading.ReadsBusyException;
import ums.web.Cursor;
import ums.web.Page;
import ums.web.ProblemException;

/** Open failures in groups, and decisions about them. */
@Controller
@RequestMapping("/console/review")
class ReviewPages {

    private static final int PAGE = 50;
    private static final int MAX_GROUPS = 100;

    /** The batch for a whole group: about two seconds' work, as the response waits for it. */
    private static final int MAX_BULK = 1_000;

    private final FailureGroups groups;
    private final BulkDecisions bulk;
    private final Decider decider;
    private final MessageSearch messages;
    private final Providers providers;
    private final Reads reads;

    ReviewPages(
            FailureGroups groups,
            BulkDecisions bulk,
            Decider decider,
            MessageSearch messages,
            Providers providers,
            Reads reads) {
        this.groups = groups;
        this.bulk = bulk;
        this.decider = decider;
        this.messages = messages;
        this.providers = providers;
        this.reads = reads;
    }

    @GetMapping
    String list(Model model) {
        List<FailureGroups.Group> all = reads.read(Reads.ADMINS, () -> groups.list(MAX_GROUPS));
        model.addAttribute("groups", all)
                .addAttribute(
                        "open",
                        all.stream().mapToInt(FailureGroups.Group::failures).sum());
        return "console/review";
    }

    @GetMapping("/{group}")
    String group(@PathVariable String group, @RequestParam(required = false) @Nullable String cursor, Model model) {
        Optional<FailureGroups.Group> found = find(group);
        if (found.isEmpty()) {
            // The group is empty: its last failure was handled.
            return "redirect:/console/review";
        }
        UUID before = cursor == null ? null : Cursor.read(cursor);
        List<SendFailure> failures =
                reads.read(Reads.ADMINS, () -> groups.failures(found.get(), before, Page.lookAhead(PAGE)));
        Page<SendFailure> page = Page.of(failures, PAGE, SendFailure::id, Function.identity());
        List<Row> rows = rows(page.data());
        model.addAttribute("group", found.get())
                .addAttribute("rows", rows)
                .addAttribute("accounts", accounts(found.get(), rows))
                .addAttribute("next", page.nextCursor())
                .addAttribute("atOnce", Math.min(MAX_BULK, found.get().failures()));
        return "console/review-group";
    }

    /**
     * One decision about the chosen failures, or about the whole group, the oldest first.
     *
     * @param failure the ids of the chosen failures
     * @param all true for the whole group
     * @param provider of a retry: the id of the only account that may have the messages from now on, or empty to leave that as
     *     it is
     */
    @PostMapping("/{group}")
    String decide(
            @PathVariable String group,
            @RequestParam Choice decision,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(required = false) @Nullable List<UUID> failure,
            @RequestParam(defaultValue = "false") boolean all,
            @RequestParam(defaultValue = "") String provider,
            Principal admin,
            RedirectAttributes after) {
        Decision resolution = decision.resolution();
        String why;
        try {
            why = decider.reason(reason);
        } catch (ProblemException e) {
            after.addFlashAttribute("faults", FormBody.faults(e));
            return backTo(group);
        }
        String at = resolution != null || provider.isEmpty() ? null : provider;
        after.addFlashAttribute("decision", at == null ? decision.name() : "RETRY_AT")
                .addFlashAttribute("at", at);
        if (all) {
            try {
                after.addFlashAttribute("decided", decideAll(group, resolution, admin.getName(), why, at));
            } catch (NotRoutableException _) {
                after.addFlashAttribute("faults", Map.of("provider", ""));
            }
            return backTo(group);
        }
        if (failure == null || failure.isEmpty()) {
            after.addFlashAttribute("faults", Map.of("failure", ""));
            return backTo(group);
        }
        int done = 0;
        List<SendFailure> late = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (UUID id : failure) {
            switch (decider.decide(id, resolution, admin.getName(), why, at)) {
                case Decider.Done _ -> done++;
                case Decider.Late(SendFailure handled) -> late.add(handled);
                case Decider.Refused(String reasonOfRefusal) -> refused.add(reasonOfRefusal);
            }
        }
        after.addFlashAttribute("decided", done)
                .addFlashAttribute("late", late)
                .addFlashAttribute("refusals", refused.stream().distinct().toList())
                .addFlashAttribute("refusedCount", refused.size());
        return backTo(group);
    }

    /**
     * The flash attributes would be lost in a redirect from a group that no longer exists. The decisions are committed, so a
     * busy database must not end in an error page.
     */
    private String backTo(String group) {
        try {
            return "redirect:/console/review" + (find(group).isPresent() ? "/" + group : "");
        } catch (ReadsBusyException _) {
            return "redirect:/console/review";
        }
    }

    private int decideAll(
            String group, @Nullable Decision resolution, String admin, String reason, @Nullable String provider) {
        BulkDecisions.Selection selection = new BulkDecisions.Selection(null, group, null, null, MAX_BULK);
        return resolution == null
                ? bulk.retry(selection, admin, reason, provider)
                : bulk.resolve(selection, resolution, admin, reason);
    }

    private Optional<FailureGroups.Group> find(String group) {
        return reads.read(Reads.ADMINS, () -> groups.find(group));
    }

    /** The accounts that a retry can name; none where there is no choice. */
    private List<Account> accounts(FailureGroups.Group group, List<Row> rows) {
        List<Account> accounts = rows.stream()
                .map(Row::message)
                .filter(it -> !it.test())
                .map(Message::channel)
                .distinct()
                .flatMap(it -> providers.route(it, false).stream())
                .toList();
        String had = group.error().provider();
        boolean elsewhere = group.error().type() == ErrorType.PROVIDER_GONE
                || (had != null && accounts.stream().noneMatch(it -> it.id().equals(had)));
        return accounts.size() > 1 || elsewhere ? accounts : List.of();
    }

    private List<Row> rows(List<SendFailure> failures) {
        List<UUID> ids = failures.stream().map(SendFailure::messageId).toList();
        Map<UUID, Message> byId = reads.read(Reads.ADMINS, () -> messages.brief(ids)).stream()
                .collect(Collectors.toMap(Message::id, Function.identity()));
        List<Row> rows = new ArrayList<>(failures.size());
        for (SendFailure failure : failures) {
            Message message = byId.get(failure.messageId());
            if (message != null) {
                boolean inReview = message.progress().status() == MessageStatus.MANUAL_REVIEW;
                rows.add(new Row(failure, message, RetryEffect.of(message), inReview));
            }
        }
        return rows;
    }

    /** The decisions that the buttons submit. */
    enum Choice {
        RETRY,
        MARK_SENT,
        ABANDON;

        private @Nullable Decision resolution() {
            return switch (this) {
                case RETRY -> null;
                case MARK_SENT -> Decision.MARK_SENT;
                case ABANDON -> Decision.ABANDON;
            };
        }
    }

    /**
     * A failure, its message, and the effect of a retry.
     *
     * @param inReview whether it may be marked as sent
     */
    record Row(SendFailure failure, Message message, RetryEffect effect, boolean inReview) {}
}
