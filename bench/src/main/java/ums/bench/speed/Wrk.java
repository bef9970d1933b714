package ums.bench.speed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ums.bench.UmsProcess;

/** Posts as fast as the server answers, with wrk; each request has messages of its own. */
final class Wrk {

    private static final Pattern RESULT =
            Pattern.compile("RESULT requests=(\\d+) micros=(\\d+) refused=(\\d+) lost=(\\d+) p50=(\\d+) p99=(\\d+)");

    private final Stand stand;
    private final String wrk;
    private final Path script;

    Wrk(Stand stand) throws IOException {
        this.stand = stand;
        this.wrk = Programs.require("wrk", "wrk");
        this.script = stand.resource("post.lua", "", "");
    }

    /**
     * Posts for a time.
     *
     * @param items messages per request; 0: single messages
     */
    Sample run(UmsProcess ums, int items, int connections, int seconds) throws IOException, InterruptedException {
        Meter meter = Meter.start(stand, ums.handle());
        String out = stand.programs()
                .run(
                        Map.of(),
                        List.of(
                                wrk,
                                "--threads=1",
                                "--connections=" + connections,
                                "--duration=" + seconds + "s",
                                "--timeout=30s",
                                "--script=" + script,
                                ums.url(items == 0 ? "/api/messages" : "/api/messages/batch"),
                                "--",
                                stand.key(),
                                String.valueOf(items)));
        Matcher result = RESULT.matcher(out);
        if (!result.find()) {
            throw new IOException("wrk: " + out);
        }
        double refused = Double.parseDouble(result.group(3)) + Double.parseDouble(result.group(4));
        double messages = (Double.parseDouble(result.group(1)) - refused) * Math.max(items, 1);
        Sample sample = Sample.of(messages * 1e6 / Double.parseDouble(result.group(2)), meter.cost(messages))
                .with("p50 ms", Double.parseDouble(result.group(5)) / 1e3)
                .with("p99 ms", Double.parseDouble(result.group(6)) / 1e3);
        return refused == 0 ? sample : sample.with("REFUSED", refused);
    }
}
