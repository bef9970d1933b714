package ums.bench.speed;

import java.nio.file.Path;
import java.util.List;
import ums.bench.CommandLine;

/**
 * What all benchmarks are told.
 *
 * @param rounds how often each line is run
 * @param only of the lines only those whose name holds it
 * @param jar the server
 * @param folder where runs keep their files
 * @param jvm options of UMS's JVM
 * @param training for how many seconds UMS was under load when its AOT cache was made; 0: it is started from its jar
 * @param extra settings handed to each UMS process as they are
 */
record Setup(int rounds, String only, Path jar, Path folder, List<String> jvm, int training, List<String> extra) {

    /** @param rounds where the caller does not say */
    static Setup of(CommandLine line, int rounds) {
        return new Setup(
                line.take("rounds", rounds),
                line.take("only", ""),
                Path.of(line.take("jar", "target/ums.jar")).toAbsolutePath(),
                Path.of(line.take("folder", "bench/target/runs")).toAbsolutePath(),
                List.of(line.take("jvm", "-Xmx512m").split(" ")),
                line.take("training", 0),
                line.extra());
    }
}
