package ums.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A lender sends events for loans while faults are injected. Every change must have its message and every message its change,
 * and no debtor may be contacted more often than the law allows.
 */
final class Loans {

    private static final int LENDERS = 20;
    private static final int MOST_CONTACTS = 7;
    private static final Duration DRAINING = Duration.ofMinutes(5);
    private static final Duration SETTLING = Duration.ofSeconds(30);

    /** Messages that have not ended; at night, collection messages wait for the morning and are left out. */
    private static final String OPEN = """
            select count(*) from message where status in ('ACCEPTED', 'PROCESSING', 'RETRY')
              and not (status = 'RETRY' and last_error ->> 'type' = 'POLICY' and next_attempt_at > now())""";

    private static final String CHANGES_WITHOUT_MESSAGE = """
            select count(*) from loan_history h left join message m on m.id = h.message_id
            where m.id is null or m.client <> h.client or m.idempotency_key <> chr(31) || 'loan:' || h.id
               or m.reference <> 'loan:' || h.loan_id""";
    private static final String MESSAGES_WITHOUT_CHANGE = """
            select count(*) from message m left join loan_history h on h.message_id = m.id
            where m.idempotency_key like chr(31) || 'loan:%' and h.id is null""";
    private static final String MESSAGES_WITHOUT_ENTRY = """
            select count(*) from message m where not exists (select from outbox o where o.aggregate_id = m.id)""";
    private static final String BROKEN_CHAINS = """
            select count(*) from (
                select h.from_status, lag(h.to_status, 1, 'APPLIED') over one as before,
                       h.to_status, lead(h.to_status) over one as next, l.status
                from loan_history h join loan l on l.id = h.loan_id
                window one as (partition by h.loan_id order by h.number)) as step
            where from_status <> before or (next is null and to_status <> status)""";
    private static final String UNMOVED_WITH_STATUS = """
            select count(*) from loan l
            where l.status <> 'APPLIED' and not exists (select from loan_history h where h.loan_id = l.id)""";

    private static final List<List<String>> LIVES = List.of(
            List.of("REJECT"),
            List.of("APPROVE", "WITHDRAW"),
            List.of("APPROVE", "DISBURSE", "PAY_OFF"),
            List.of("APPROVE", "DISBURSE", "MISS_PAYMENT", "REFER", "CHARGE_OFF", "PAY_OFF"),
            List.of("APPROVE", "DISBURSE", "MISS_PAYMENT", "REFER", "FORGIVE"),
            often());

    private final Site site;
    private final long seed;
    private final boolean begunAtNight = atNight();
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<String> refused = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    private Loans(Site site, long seed) {
        this.site = site;
        this.seed = seed;
    }

    /** A loan's events with more contacts in a minute than are allowed in a week. */
    private static List<String> often() {
        List<String> life = new ArrayList<>(List.of("APPROVE", "DISBURSE"));
        for (int i = 0; i <= MOST_CONTACTS; i++) {
            life.addAll(List.of("MISS_PAYMENT", "CURE"));
        }
        life.add("PAY_OFF");
        return life;
    }

    /** @return whether every guarantee was kept */
    static boolean run(Options options) throws IOException, InterruptedException {
        List<String> settings = new ArrayList<>(options.extra());
        settings.add("--ums.email.from=" + Client.FROM);
        Scenario scenario = new Scenario();
        try (Site site = Site.start(options.withExtra(settings))) {
            System.out.println("logs in " + site.folder());
            new Loans(site, options.seed()).run(options, scenario);
        }
        return scenario.isKept();
    }

    private void run(Options options, Scenario scenario) throws IOException, InterruptedException {
        Duration step = Duration.ofNanos((long) (1e9 * LENDERS / options.rate()));
        List<Thread> lenders = new ArrayList<>();
        for (int i = 0; i < LENDERS; i++) {
            int number = i;
            lenders.add(Thread.startVirtualThread(() -> lend(number, step)));
        }
        Faults faults = new Faults(site, options.seed(), Fault.Kind.plain());
        faults.run(options.duration());
        over = true;
        for (UmsProcess process : site.processes()) {
            process.awaitReady(Site.STARTING);
        }
        for (Thread lender : lenders) {
            lender.join();
        }
        // Unanswered requests may still be in progress.
        Thread.sleep(SETTLING);
        site.ledger().awaitNone(OPEN, DRAINING);
        Scenario.tell("faults: %s", faults.counts());
        check(scenario);
    }

    /** Takes one loan after the other through its events; an event is sent again until it is answered. */
    private void lend(int number, Duration step) {
        Random random = new Random(seed + number);
        try {
            for (int n = 0; !over; n++) {
                String name = "loan-" + number + "-" + n;
                Optional<UUID> loan = ask("/api/loans", name, application(name)).flatMap(Client::id);
                List<String> life = LIVES.get(random.nextInt(LIVES.size()));
                for (int i = 0; loan.isPresent() && i < life.size() && !over; i++) {
                    String key = name + "-" + i;
                    String body = "{\"event\": \"%s\"}".formatted(life.get(i));
                    if (ask("/api/loans/" + loan.get() + "/events", key, body).isPresent()) {
                        answered.add(key);
                    }
                    Thread.sleep(step);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            refused.add(String.valueOf(e.getMessage()));
        }
    }

    private Optional<String> ask(String path, String key, String body) throws InterruptedException {
        Optional<String> answer = Optional.empty();
        while (answer.isEmpty() && !over) {
            List<UmsProcess> up =
                    site.processes().stream().filter(UmsProcess::isUp).toList();
            if (!up.isEmpty()) {
                UmsProcess process = up.get(ThreadLocalRandom.current().nextInt(up.size()));
                answer = site.client().call(process, path, key, body);
            }
            if (answer.isEmpty()) {
                Thread.sleep(ThreadLocalRandom.current().nextInt(200, 1000));
            }
        }
        return answer;
    }

    private static String application(String name) {
        return """
                {"contractNo": "%1$s", "customerId": "%1$s", "customerEmail": "%1$s@shop.example", "customerName": "Kim",
                 "language": "en", "principal": 1000000}""".formatted(name);
    }

    private void check(Scenario scenario) throws IOException {
        Ledger ledger = site.ledger();
        Scenario.tell(
                "%d loans, %d changes, %d of them answered; %d messages wait for the morning",
                ledger.number("select count(*) from loan"),
                ledger.number("select count(*) from loan_history"),
                answered.size(),
                ledger.number("select count(*) from message where status = 'RETRY'"));
        scenario.check(refused.isEmpty(), "%d requests refused %s", refused.size(), List.copyOf(refused));
        zero(scenario, "changes without their message", CHANGES_WITHOUT_MESSAGE);
        zero(scenario, "messages without their change", MESSAGES_WITHOUT_CHANGE);
        zero(scenario, "messages without a queue entry", MESSAGES_WITHOUT_ENTRY);
        zero(scenario, "changes that do not follow on the one before", BROKEN_CHAINS);
        zero(scenario, "loans that moved without a change", UNMOVED_WITH_STATUS);
        zero(scenario, "messages not ended", OPEN);
        Set<String> lost = new HashSet<>(answered);
        lost.removeAll(
                ledger.texts("select idempotency_key, '' from loan_history").keySet());
        scenario.check(lost.isEmpty(), "%d answered changes lost %s", lost.size(), lost);
        mails(scenario, ledger);
    }

    private void mails(Scenario scenario, Ledger ledger) throws IOException {
        Map<String, String> collections =
                ledger.texts("select id::text, reference from message where purpose = 'COLLECTION'");
        Map<String, Integer> contacts = new HashMap<>();
        long lost = 0;
        long twice = 0;
        long review = 0;
        for (Map.Entry<UUID, Ledger.Entry> entry : ledger.entries().entrySet()) {
            long takes = site.smtp().takes(entry.getKey()).stream()
                    .filter(Take::taken)
                    .count();
            lost += entry.getValue().status().equals("SENT") && takes == 0 ? 1 : 0;
            twice += takes > 1 ? 1 : 0;
            review += entry.getValue().status().equals("MANUAL_REVIEW") ? 1 : 0;
            String reference = collections.get(entry.getKey().toString());
            if (reference != null && takes > 0) {
                contacts.merge(reference, 1, Integer::sum);
            }
        }
        Scenario.tell(
                "%d in review, %d of them by a contact rule",
                review,
                ledger.number(
                        "select count(*) from message where status = 'MANUAL_REVIEW' and last_error ->> 'type' = 'POLICY'"));
        scenario.check(lost == 0, "%d sent and never taken", lost);
        scenario.check(twice == 0, "%d taken twice", twice);
        int most = contacts.values().stream().mapToInt(it -> it).max().orElse(0);
        int allowed = begunAtNight && atNight() ? 0 : MOST_CONTACTS;
        scenario.check(most <= allowed, "%d contacts about one loan at most (allowed: %d)", most, allowed);
    }

    private static boolean atNight() {
        int hour = ZonedDateTime.now(ZoneId.of("Asia/Seoul")).getHour();
        return hour >= 21 || hour < 8;
    }

    private void zero(Scenario scenario, String what, String query) throws IOException {
        long count = site.ledger().number(query);
        scenario.check(count == 0, "%d %s", count, what);
    }
}
