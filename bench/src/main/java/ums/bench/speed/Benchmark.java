package ums.bench.speed;

import java.io.IOException;

/** Something that is measured. */
interface Benchmark {

    /** How often each line is run, where the caller does not say. */
    default int rounds() {
        return 5;
    }

    /** Measures and prints. */
    void run(Stand stand) throws IOException, InterruptedException;
}
