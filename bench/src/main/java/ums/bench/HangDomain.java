package ums.bench;

import java.io.IOException;
import java.time.Duration;

/** A tenth of the messages goes to a domain that hangs after the final dot; measures the rate of the others. */
final class HangDomain {

    private static final String HANGING = "hangs.example";
    private static final int TENTH = 10;
    private static final int WIDTH = 64;
    private static final Duration WARMING = Duration.ofSeconds(20);

    private HangDomain() {}

    /** Each of the two halves lasts for the given duration. */
    static boolean run(Options options) throws IOException, InterruptedException {
        Scenario scenario = new Scenario();
        try (Site site = Site.start(options.withOnUnknown("REVIEW"))) {
            Load load = new Load(
                    site.client(),
                    site.processes(),
                    n -> Mail.small("customer-" + n + "@" + (n % TENTH == 0 ? HANGING : "shop.example")));
            Thread posting = Thread.ofPlatform().daemon().start(() -> saturate(load));
            Thread.sleep(WARMING);
            double undisturbed = rate(site, options.duration()) * (TENTH - 1) / TENTH;
            site.smtp().hangFor(HANGING);
            double disturbed = rate(site, options.duration());
            posting.interrupt();
            Scenario.tell("undisturbed: %.0f/s to the other domains", undisturbed);
            scenario.check(
                    disturbed >= undisturbed / 2,
                    "with the domain hanging: %.0f/s to them, %.0f%%",
                    disturbed,
                    100 * disturbed / undisturbed);
        }
        return scenario.isKept();
    }

    /** Mails per second that the server accepts; it accepts none for the hanging domain. */
    private static double rate(Site site, Duration duration) throws InterruptedException {
        long before = site.smtp().taken();
        Thread.sleep(duration);
        return (site.smtp().taken() - before) * 1e3 / duration.toMillis();
    }

    private static void saturate(Load load) {
        try {
            load.all(Integer.MAX_VALUE, WIDTH);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
