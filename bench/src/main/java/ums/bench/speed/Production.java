package ums.bench.speed;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import ums.bench.UmsProcess;

/** UMS started as docs/operations.md describes for production: from its extracted jar, with a trained AOT cache. */
final class Production {

    private static final double RATE = 1_000;
    private static final int WORKERS = 16;

    private Production() {}

    /** Trains UMS for the setup's time; the stand starts UMS with the cache from then on. */
    static void prepare(Stand stand) throws IOException, InterruptedException {
        String jar = extract(stand);
        Path cache = Path.of(jar).resolveSibling("ums.aot");
        stand.launch(List.of("-XX:AOTCacheOutput=" + cache, "-jar", jar));
        try (Provider provider = new Provider(Duration.ZERO)) {
            UmsProcess ums = stand.ums("training", "all", Drain.smtp(provider.port()));
            new Hey(stand).run(ums, RATE, WORKERS, stand.setup().training());
            // The cache is written when the process ends.
            stand.stop(ums);
        }
        stand.launch(List.of("-XX:AOTCache=" + cache, "-jar", jar));
        stand.emptyLedger();
    }

    /** @return the jar to start */
    static String extract(Stand stand) throws IOException, InterruptedException {
        Path folder = stand.jar().resolveSibling("extracted");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        stand.programs()
                .run(
                        Map.of(),
                        List.of(
                                java,
                                "-Djarmode=tools",
                                "-jar",
                                stand.jar().toString(),
                                "extract",
                                "--destination",
                                folder.toString()));
        return folder.resolve(stand.jar().getFileName()).toString();
    }
}
