package ums.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The comparison of three lists: the answers, the ledger, and the mails that the SMTP servers accepted ("took").
 *
 * @param accepted the number of messages answered with 202 or 200
 * @param unanswered messages in the ledger whose answer was lost; the same guarantees apply to them
 * @param sent messages that are SENT in the ledger
 * @param taken distinct messages that an SMTP server took
 * @param inReview messages that are MANUAL_REVIEW in the ledger, except for unreadable ones
 * @param bySmtp how many of those have an unknown outcome because an SMTP server misbehaved or went down
 * @param poisoned messages whose rows were made unreadable while they waited
 * @param notEnded messages that are neither sent nor in review, but were taken or still wait
 * @param lost accepted messages that were not taken, are not in review and do not wait; or that are SENT and were never taken
 * @param asked messages taken more than once, each time because the outcome before was unknown and {@code RETRY} was set
 * @param unasked messages taken more than once without such a reason
 * @param misjudged unreadable messages that are neither in review as INVALID and never taken, nor repaired and sent once; or in
 *     review as INVALID although it can be read
 */
record Reconciliation(
        int accepted,
        int unanswered,
        int sent,
        int taken,
        int inReview,
        int bySmtp,
        int poisoned,
        Set<UUID> notEnded,
        Set<UUID> lost,
        Set<UUID> asked,
        Set<UUID> unasked,
        Set<UUID> misjudged) {

    /** A process without faults has settled every outcome after this time, whatever the load. */
    private static final Duration SETTLING = Duration.ofSeconds(10);

    private static final Duration AROUND = Duration.ofSeconds(25);
    private static final int SHOWN = 15;
    private static final String INVALID = "INVALID";

    static Reconciliation of(
            Posted posted, Map<UUID, Ledger.Entry> ledger, SmtpServers smtp, List<Fault> faults, boolean review) {
        Set<UUID> accepted = posted.accepted();
        Set<UUID> all = new HashSet<>(ledger.keySet());
        all.addAll(accepted);
        all.addAll(smtp.takes().keySet());
        Set<UUID> lost = new TreeSet<>();
        Set<UUID> notEnded = new TreeSet<>();
        Set<UUID> asked = new TreeSet<>();
        Set<UUID> unasked = new TreeSet<>();
        Set<UUID> misjudged = new TreeSet<>();
        int sent = 0;
        int inReview = 0;
        int bySmtp = 0;
        int taken = 0;
        for (UUID id : all) {
            List<Take> reads = smtp.takes(id);
            List<Take> takes = reads.stream().filter(Take::taken).toList();
            taken += takes.isEmpty() ? 0 : 1;
            Ledger.Entry entry = ledger.get(id);
            if (isMisjudged(entry, takes.size(), posted.poisoned().contains(id))) {
                misjudged.add(id);
            }
            if (takes.stream().anyMatch(take -> take.octets() < posted.least(id))) {
                // A part of it is.
                lost.add(id);
            }
            switch (entry == null ? "MISSING" : entry.status()) {
                case "SENT" -> {
                    sent++;
                    if (takes.isEmpty()) {
                        lost.add(id);
                    }
                }
                case "MANUAL_REVIEW" -> {
                    inReview += INVALID.equals(entry.error()) ? 0 : 1;
                    bySmtp += reads.stream().anyMatch(read -> read.leftInDoubt(faults)) ? 1 : 0;
                }
                case "ACCEPTED", "PROCESSING", "RETRY" -> notEnded.add(id);
                default -> (takes.isEmpty() ? lost : notEnded).add(id);
            }
            if (takes.size() > 1) {
                (review || !allUnknown(takes, faults) ? unasked : asked).add(id);
            }
        }
        Set<UUID> unanswered = new HashSet<>(ledger.keySet());
        unanswered.removeAll(accepted);
        unanswered.removeAll(posted.poisoned());
        return new Reconciliation(
                accepted.size(),
                unanswered.size(),
                sent,
                taken,
                inReview,
                bySmtp,
                posted.poisoned().size(),
                notEnded,
                lost,
                asked,
                unasked,
                misjudged);
    }

    private static boolean isMisjudged(Ledger.@Nullable Entry entry, int takes, boolean poisoned) {
        boolean invalid = entry != null && entry.status().equals("MANUAL_REVIEW") && INVALID.equals(entry.error());
        boolean sentOnce = entry != null && entry.status().equals("SENT") && takes == 1;
        return poisoned ? !(invalid && takes == 0) && !sentOnce : invalid;
    }

    /** Whether, at each take except for the first, the outcome of the one before could be unknown to UMS. */
    private static boolean allUnknown(List<Take> takes, List<Fault> faults) {
        for (int i = 1; i < takes.size(); i++) {
            Take before = takes.get(i - 1);
            Instant next = takes.get(i).at();
            Instant settled = before.at().plus(SETTLING);
            Instant end = next.isBefore(settled) ? next : settled;
            boolean disturbed = faults.stream().anyMatch(fault -> fault.disturbs(before.process(), before.at(), end));
            if (before.isAcknowledged() && !disturbed) {
                return false;
            }
        }
        return true;
    }

    /** The messages for which a guarantee was broken. */
    Set<UUID> broken() {
        Set<UUID> all = new TreeSet<>(lost);
        all.addAll(unasked);
        all.addAll(notEnded);
        all.addAll(misjudged);
        return all;
    }

    /** Whether every guarantee was kept. */
    boolean isKept() {
        return broken().isEmpty();
    }

    void print(PrintStream out) {
        out.printf("accepted             %d%n", accepted);
        out.printf("  answer never came  %d%n", unanswered);
        out.printf("sent                 %d%n", sent);
        out.printf("taken by SMTP        %d%n", taken);
        out.printf("in review            %d (%d of them left in doubt by SMTP itself)%n", inReview, bySmtp);
        out.printf("unreadable rows      %d (%d of them misjudged)%n", poisoned, misjudged.size());
        out.printf("not ended            %d%n", notEnded.size());
        out.printf("lost                 %d%n", lost.size());
        out.printf("duplicated, asked    %d%n", asked.size());
        out.printf("duplicated, UNASKED  %d%n", unasked.size());
    }

    /** The history of each message for which a guarantee was broken. */
    void printBroken(PrintStream out, Ledger ledger, SmtpServers smtp, List<Fault> faults) throws IOException {
        printAll(out, "lost", lost, ledger, smtp, faults);
        printAll(out, "duplicated unasked", unasked, ledger, smtp, faults);
        printAll(out, "not ended", notEnded, ledger, smtp, faults);
        printAll(out, "misjudged", misjudged, ledger, smtp, faults);
    }

    static void printAll(
            PrintStream out, String what, Set<UUID> ids, Ledger ledger, SmtpServers smtp, List<Fault> faults)
            throws IOException {
        for (UUID id : ids.stream().limit(SHOWN).toList()) {
            out.printf("%n%s: %s%n  ledger %s%n", what, id, ledger.events(id));
            for (Take take : smtp.takes(id)) {
                out.println("  smtp   " + take);
                faults.stream()
                        .filter(fault -> fault.process() == Fault.ALL_PROCESSES || fault.process() == take.process())
                        .filter(fault ->
                                fault.server() == null || fault.server().equals(take.server()))
                        .filter(fault -> fault.from().isBefore(take.at().plus(AROUND))
                                && fault.until().isAfter(take.at().minus(AROUND)))
                        .forEach(fault -> out.println("    near " + fault));
            }
        }
        if (ids.size() > SHOWN) {
            out.printf("… and %d more %s%n", ids.size() - SHOWN, what);
        }
    }
}
