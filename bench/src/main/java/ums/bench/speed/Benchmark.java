package ums.bench.speed;

import java.io.IOException;

/** A benchmark. */
interface Benchmark {

    /** The default number of rounds. */
    default int rounds() {
        return 5;
    }

    /** Measures and prints the result. */
    void run(Stand stand) throws IOException, InterruptedException;
}
