package ums.bench.speed;

import java.io.IOException;
import ums.bench.CommandLine;
import ums.bench.UmsProcess;

/** One process accepts messages and sends them at the same time. */
final class Both implements Benchmark {

    private final double minutes;
    private final int rate;
    private final int workers;

    Both(CommandLine line) {
        minutes = Double.parseDouble(line.take("minutes", "5"));
        rate = line.take("rate", 1_500);
        workers = line.take("workers", 16);
    }

    /** One, as a round is long. */
    @Override
    public int rounds() {
        return 1;
    }

    @Override
    public void run(Stand stand) throws IOException, InterruptedException {
        int sink = Postfix.unpack(stand).sink();
        UmsProcess ums = stand.ums("ums", "all", Drain.smtp(sink));
        Flow flow = new Flow(stand, ums, workers);
        new Rounds(stand.setup())
                .line("UMS, offered %d/s for %.1f minutes".formatted(rate, minutes), () -> {
                    stand.emptyLedger();
                    return flow.run(rate, (int) (minutes * 60), Integer.MAX_VALUE);
                })
                .run()
                .print(System.out);
    }
}
