package ums.bench.speed;

import java.io.IOException;

/** Something that is measured. */
interface Benchmark {

    /** Measures and prints. */
    void run(Stand stand) throws IOException, InterruptedException;
}
