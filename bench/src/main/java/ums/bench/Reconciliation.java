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

/**
 * Three lists held against one another: what was answered, what the ledger says, what the SMTP server took.
 *
 * @param accepted how many were answered 202 or 200
 * @param unanswered in the ledger although no answer came through; they are held to the same promises
 * @param sent SENT in the ledger
 * @param taken different messages that the SMTP server took
 * @param inReview MANUAL_REVIEW in the ledger
 * @param bySmtp of those, how many the SMTP server left in doubt by itself, misbehaving or taken down
 * @param notEnded neither sent nor in review, but taken or still waiting
 * @param lost accepted, and neither taken nor in review nor still waiting; or SENT and never taken
 * @param asked taken more than once, each time because nobody could know about the last
 * @param unasked taken more than once without such a reason
 */
record Reconciliation(
        int accepted,
        int unanswered,
        int sent,
        int taken,
        int inReview,
        int bySmtp,
        Set<UUID> notEnded,
        Set<UUID> lost,
        Set<UUID> asked,
        Set<UUID> unasked) {

    /** A process that nobody disturbs has settled what it knows after this time, whatever the load. */
    private static final Duration SETTLING = Duration.ofSeconds(10);

    private static final Duration AROUND = Duration.ofSeconds(25);
    private static final int SHOWN = 15;

    static Reconciliation of(
            Set<UUID> accepted, Map<UUID, Ledger.Entry> ledger, SmtpServer smtp, List<Fault> faults, boolean review) {
        Set<UUID> all = new HashSet<>(ledger.keySet());
        all.addAll(accepted);
        all.addAll(smtp.takes().keySet());
        Set<UUID> lost = new TreeSet<>();
        Set<UUID> notEnded = new TreeSet<>();
        Set<UUID> asked = new TreeSet<>();
        Set<UUID> unasked = new TreeSet<>();
        int sent = 0;
        int inReview = 0;
        int bySmtp = 0;
        int taken = 0;
        for (UUID id : all) {
            List<Take> reads = smtp.takes(id);
            List<Take> takes = reads.stream().filter(Take::taken).toList();
            taken += takes.isEmpty() ? 0 : 1;
            Ledger.Entry entry = ledger.get(id);
            switch (entry == null ? "MISSING" : entry.status()) {
                case "SENT" -> {
                    sent++;
                    if (takes.isEmpty()) {
                        lost.add(id);
                    }
                }
                case "MANUAL_REVIEW" -> {
                    inReview++;
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
        return new Reconciliation(
                accepted.size(), unanswered.size(), sent, taken, inReview, bySmtp, notEnded, lost, asked, unasked);
    }

    /** Whether, at each take but the first, the outcome of the one before could not be known to UMS. */
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

    /** Whether every promise was kept. */
    boolean isKept() {
        return lost.isEmpty() && unasked.isEmpty() && notEnded.isEmpty();
    }

    void print(PrintStream out) {
        out.printf("accepted             %d%n", accepted);
        out.printf("  answer never came  %d%n", unanswered);
        out.printf("sent                 %d%n", sent);
        out.printf("taken by SMTP        %d%n", taken);
        out.printf("in review            %d (%d of them left in doubt by SMTP itself)%n", inReview, bySmtp);
        out.printf("not ended            %d%n", notEnded.size());
        out.printf("lost                 %d%n", lost.size());
        out.printf("duplicated, asked    %d%n", asked.size());
        out.printf("duplicated, UNASKED  %d%n", unasked.size());
    }

    /** The history of each message whose promise was broken. */
    void printBroken(PrintStream out, Ledger ledger, SmtpServer smtp, List<Fault> faults) throws IOException {
        printAll(out, "lost", lost, ledger, smtp, faults);
        printAll(out, "duplicated unasked", unasked, ledger, smtp, faults);
        printAll(out, "not ended", notEnded, ledger, smtp, faults);
    }

    private static void printAll(
            PrintStream out, String what, Set<UUID> ids, Ledger ledger, SmtpServer smtp, List<Fault> faults)
            throws IOException {
        for (UUID id : ids.stream().limit(SHOWN).toList()) {
            out.printf("%n%s: %s%n  ledger %s%n", what, id, ledger.events(id));
            for (Take take : smtp.takes(id)) {
                out.println("  smtp   " + take);
                faults.stream()
                        .filter(fault -> fault.process() == Fault.EVERYBODY || fault.process() == take.process())
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
