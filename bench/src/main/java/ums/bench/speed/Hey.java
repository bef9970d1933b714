package ums.bench.speed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ums.bench.UmsProcess;

/**
 * Posts at a steady rate with hey. Each of its workers has its own connection and clock, so {@code -q} is the rate divided by
 * the workers. A worker that waits for an answer posts nothing meanwhile, so check the rate that was reached too.
 */
final class Hey {

    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern STATUS = Pattern.compile("\\[(\\d+)]\\s+(\\d+) responses");

    private final Stand stand;
    private final String hey;
    private final Path body;

    Hey(Stand stand) throws IOException {
        this.stand = stand;
        this.hey = Programs.require("hey", "hey");
        this.body = stand.file("message.json", Backlog.message("customer@shop.example", Backlog.ABOUT_1_KB));
    }

    /** Posts single messages at a rate over all workers. */
    Sample run(UmsProcess ums, double rate, int workers, int seconds) throws IOException, InterruptedException {
        Meter meter = Meter.start(stand, ums.handle());
        String out = stand.programs()
                .run(
                        Map.of(),
                        List.of(
                                hey,
                                "-z",
                                seconds + "s",
                                "-c",
                                String.valueOf(workers),
                                "-q",
                                String.format(Locale.ROOT, "%.3f", rate / workers),
                                "-m",
                                "POST",
                                "-T",
                                "application/json",
                                "-H",
                                "Authorization: Bearer " + stand.key(),
                                "-D",
                                body.toString(),
                                ums.url("/api/messages")));
        double accepted = 0;
        double refused = out.contains("Error distribution") ? 1 : 0;
        for (Matcher status = STATUS.matcher(out); status.find(); ) {
            double count = Double.parseDouble(status.group(2));
            if (status.group(1).equals("202")) {
                accepted += count;
            } else {
                refused += count;
            }
        }
        Sample sample = Sample.of(find(RATE, out), meter.cost(accepted))
                .with("p50 ms", percentile(50, out))
                .with("p99 ms", percentile(99, out));
        return refused == 0 ? sample : sample.with("REFUSED", refused);
    }

    private static double percentile(int part, String out) throws IOException {
        return 1e3 * find(Pattern.compile(part + "%+ in ([0-9.]+) secs"), out);
    }

    private static double find(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("hey: " + text);
        }
        return Double.parseDouble(matcher.group(1));
    }
}
