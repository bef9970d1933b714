package ums.bench.speed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ums.bench.UmsProcess;

/** The time from the start of the process until it is ready, on an existing embedded database. */
final class Start implements Benchmark {

    private static final int REST = 10;
    private static final long PATIENCE = 120_000_000_000L;

    @Override
    public void run(Stand stand) throws IOException, InterruptedException {
        List<String> plain = List.of("-jar", stand.jar().toString());
        ready(stand, plain);
        String jar = Production.extract(stand);
        Path cache = Path.of(jar).resolveSibling("ums.aot");
        // The cache is written when the process ends.
        ready(stand, List.of("-XX:AOTCacheOutput=" + cache, "-jar", jar));
        new Rounds(stand.setup())
                .line("the jar", () -> ready(stand, plain))
                .line("extracted", () -> ready(stand, List.of("-jar", jar)))
                .line("extracted, AOT cache", () -> ready(stand, List.of("-XX:AOTCache=" + cache, "-jar", jar)))
                .run()
                .print(System.out);
    }

    private static Sample ready(Stand stand, List<String> java) throws IOException, InterruptedException {
        UmsProcess process = stand.embedded(java);
        long start = System.nanoTime();
        process.start();
        while (!process.isReady()) {
            if (System.nanoTime() - start > PATIENCE || !process.handle().isAlive()) {
                throw new IOException("it does not become ready: " + java);
            }
            Thread.sleep(REST);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Sample.Cost cost = Meter.start(stand, process.handle()).cost(1);
        stand.stop(process);
        return new Sample(1 / seconds, new Sample.Cost(Double.NaN, Double.NaN, Double.NaN, cost.resident()), Map.of())
                .with("seconds to ready", seconds);
    }
}
