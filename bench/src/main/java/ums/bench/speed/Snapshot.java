package ums.bench.speed;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import ums.bench.CommandLine;
import ums.bench.UmsProcess;

/** Accepts and sends messages while a session holds a snapshot; then compares the rate of sending with one without it. */
final class Snapshot implements Benchmark {

    private static final int LAST_MINUTES = 2;

    private final int warmUp;
    private final int messages;
    private final double minutes;
    private final int rate;
    private final int workers;

    Snapshot(CommandLine line) {
        warmUp = line.take("warm-up", 30_000);
        messages = line.take("messages", 50_000);
        minutes = Double.parseDouble(line.take("minutes", "10"));
        rate = line.take("rate", 1_000);
        workers = line.take("workers", 16);
    }

    @Override
    public void run(Stand stand) throws IOException, InterruptedException {
        int sink = Postfix.unpack(stand).sink();
        stand.stop(stand.ums("api", "api"));
        // A snapshot keeps dead rows only in the database that its session is connected to.
        Stand held = stand.copy("held");
        try (Connection session = held.open();
                Statement statement = session.createStatement()) {
            session.setAutoCommit(false);
            session.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.execute("select 1");
            flow(held, sink);
            compare(stand, held, sink);
            session.rollback();
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    private void flow(Stand held, int sink) throws IOException, InterruptedException {
        UmsProcess all = held.ums("all", "all", Drain.smtp(sink));
        Sample sample = new Flow(held, all, workers).run(rate, (int) (minutes * 60), LAST_MINUTES);
        System.out.printf(
                "%.1f minutes at %d/s with the snapshot held: %s/s, %s%n%n",
                minutes, rate, Figures.number(sample.rate()), Figures.text(sample.others()));
        held.stop(all);
    }

    private void compare(Stand stand, Stand held, int sink) throws IOException, InterruptedException {
        Drain drain = new Drain(sink, warmUp, messages);
        UmsProcess api = stand.ums("api", "api");
        UmsProcess apiOfHeld = held.ums("api-held", "api");
        new Rounds(stand.setup())
                .limit("UMS, undisturbed", () -> {
                    stand.emptyLedger();
                    return drain.metered(stand, api);
                })
                .subject("UMS, snapshot still held", () -> drain.metered(held, apiOfHeld))
                .run()
                .print(System.out);
    }
}
