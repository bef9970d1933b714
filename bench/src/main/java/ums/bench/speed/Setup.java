package ums.bench.speed;

import java.nio.file.Path;
import java.util.List;
import ums.bench.CommandLine;

/**
 * The options of all benchmarks.
 *
 * @param rounds how often each line is run
 * @param only runs only lines whose names contain it
 * @param jar UMS's jar
 * @param folder the folder for the files of runs
 * @param jvm options of UMS's JVM
 * @param training how many seconds of load the AOT cache is trained with; 0: UMS is started from its jar
 * @param extra settings that are passed to each UMS process
 */
record Setup(int rounds, String only, Path jar, Path folder, List<String> jvm, int training, List<String> extra) {

    /** @param rounds the default number of rounds */
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
