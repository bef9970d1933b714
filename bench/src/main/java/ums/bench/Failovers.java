package ums.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.LongFunction;

/**
 * How the messages of a run went by several SMTP servers.
 *
 * @param took how many messages each server took
 * @param wentOn how often an attempt of a message that any of them might have had went on to another server, such as
 *     {@code a to b}; the claim of a message that its caller bound is written over too, and shows nothing
 * @param wentOnMessages how many messages had such an attempt
 * @param underFaults how many messages a server took before the last fault was over
 * @param takenByBoth messages that more than one server took; no fault and no RETRY explains one
 * @param strayed messages that their caller bound to one server and another one read
 * @param writtenToBoth messages that more than one server read up to the final dot and none answered with 451: UMS asked a
 *     second server although it could not know that the first had not taken the message
 */
record Failovers(
        Map<String, Integer> took,
        Map<String, String> wentOn,
        long wentOnMessages,
        long underFaults,
        Set<UUID> takenByBoth,
        Set<UUID> writtenToBoth,
        Set<UUID> strayed) {

    /** Every tenth message is bound to one server by its caller, and its recipient says to which. */
    private static final int BOUND = 10;

    private static final String ONLY_BY = "only-by-";

    private static final String FREE = """
            from fake.went_on w join message_content c on c.message_id = w.message where c.recipient not like '%s%%'
            """.formatted(ONLY_BY);

    private static final String WATCH = """
            create table fake.went_on (message uuid, server text, next text);
            create function fake.goes_on() returns trigger language plpgsql as $$
            begin
                insert into fake.went_on values (new.aggregate_id, old.provider, new.provider);
                return null;
            end $$;
            create trigger goes_on after update of provider on outbox for each row
            when (old.claim_token = new.claim_token and old.provider <> new.provider)
            execute function fake.goes_on();
            """;

    /**
     * Has the database record each change of a claim's server from now on. UMS writes it before that server could take the
     * message, and a killed process leaves no other trace of it.
     */
    static void watch(Postgres postgres) throws IOException {
        postgres.execute(WATCH);
    }

    /** The same mails, some of which only one of the servers may have, where there are several. */
    static LongFunction<Mail> boundInPart(SmtpServers smtp, LongFunction<Mail> mails) {
        List<SmtpServer> servers = smtp.all();
        return n -> {
            Mail mail = mails.apply(n);
            if (servers.size() == 1 || n % BOUND != 0) {
                return mail;
            }
            String name = servers.get((int) (n / BOUND % servers.size())).name();
            return mail.onlyBy(name, ONLY_BY + name + "-" + mail.to());
        };
    }

    static Failovers of(SmtpServers smtp, Ledger ledger, List<Fault> faults) throws IOException {
        Instant over =
                faults.stream().map(Fault::until).max(Comparator.naturalOrder()).orElse(Instant.MIN);
        long underFaults = 0;
        Map<String, Integer> took = new TreeMap<>();
        smtp.all().forEach(it -> took.put(it.name(), 0));
        Set<UUID> takenByBoth = new TreeSet<>();
        Set<UUID> writtenToBoth = new TreeSet<>();
        for (UUID message : smtp.takes().keySet()) {
            List<Take> reads = smtp.takes(message);
            Set<String> takers = new HashSet<>();
            Set<String> readers = new HashSet<>();
            for (Take read : reads) {
                readers.add(read.server());
                if (read.taken()) {
                    takers.add(read.server());
                }
            }
            underFaults += reads.stream().anyMatch(it -> it.taken() && it.at().isBefore(over)) ? 1 : 0;
            takers.forEach(it -> took.merge(it, 1, Integer::sum));
            if (takers.size() > 1) {
                takenByBoth.add(message);
            }
            if (readers.size() > 1) {
                writtenToBoth.add(message);
            }
        }
        return new Failovers(
                took,
                new TreeMap<>(ledger.texts("select server || ' to ' || next, count(*)::text " + FREE + " group by 1")),
                ledger.number("select count(distinct w.message) " + FREE),
                underFaults,
                takenByBoth,
                writtenToBoth,
                strayed(smtp, ledger));
    }

    private static Set<UUID> strayed(SmtpServers smtp, Ledger ledger) throws IOException {
        Set<UUID> strayed = new TreeSet<>();
        ledger.texts("select message_id::text, recipient from message_content where recipient like '" + ONLY_BY + "%'")
                .forEach((id, recipient) -> {
                    UUID message = UUID.fromString(id);
                    if (smtp.takes(message).stream()
                            .anyMatch(it -> !recipient.startsWith(ONLY_BY + it.server() + "-"))) {
                        strayed.add(message);
                    }
                });
        return strayed;
    }

    /** Whether no message went to a second server that the first may have had, and the run was one that could show it. */
    boolean isKept() {
        return writtenToBoth.isEmpty() && strayed.isEmpty() && showsSomething();
    }

    /** On a machine that is so slow that hardly a process is up between two kills, all is sent after the last fault. */
    private boolean showsSomething() {
        int taken = took.values().stream().mapToInt(Integer::intValue).sum();
        return wentOnMessages > 0 && !took.containsValue(0) && underFaults > taken / 2;
    }

    void print(PrintStream out, List<Fault> faults) {
        took.forEach((server, count) -> out.printf(
                "taken by %s           %d (down %d times, garbled %d times)%n",
                server,
                count,
                count(faults, server, Fault.Kind.SMTP_DOWN),
                count(faults, server, Fault.Kind.SMTP_GARBLE)));
        out.printf("  under faults       %d%s%n", underFaults, showsSomething() ? "" : ": this run shows NOTHING");
        out.printf("attempts gone on     %s, of %d messages%n", wentOn, wentOnMessages);
        out.printf("taken by both        %d%n", takenByBoth.size());
        out.printf("written to both      %d%n", writtenToBoth.size());
        out.printf("bound, and strayed   %d%n", strayed.size());
    }

    private static long count(List<Fault> faults, String server, Fault.Kind kind) {
        return faults.stream()
                .filter(it -> it.kind() == kind && server.equals(it.server()))
                .count();
    }

    /** The history of each message that was written to both, or to another than the one that its caller named. */
    void printBroken(PrintStream out, Ledger ledger, SmtpServers smtp, List<Fault> faults) throws IOException {
        Reconciliation.printAll(out, "written to both", writtenToBoth, ledger, smtp, faults);
        Reconciliation.printAll(out, "bound, and strayed", strayed, ledger, smtp, faults);
    }
}
