package ums.bench.speed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ums.bench.CommandLine;
import ums.bench.Postgres;
import ums.bench.UmsProcess;
import ums.bench.speed.peer.PeerMain;

/** Sends a backlog of 2 KB mails to smtp-sink: the first part warms up, the rest is measured. */
final class Send implements Benchmark {

    private static final int CONNECTIONS = 8;

    private final int warmUp;
    private final int messages;
    private final String angus;

    Send(CommandLine line) {
        warmUp = line.take("warm-up", 30_000);
        messages = line.take("messages", 50_000);
        angus = line.take("angus", "rendered");
    }

    @Override
    public void run(Stand stand) throws IOException, InterruptedException {
        Postfix postfix = Postfix.unpack(stand);
        int sink = postfix.sink();
        UmsProcess api = stand.ums("api", "api");
        Drain drain = new Drain(sink, warmUp, messages);
        Rounds rounds = new Rounds(stand.setup())
                .limit(
                        "smtp-source -d, %d connections".formatted(CONNECTIONS),
                        () -> postfix.source(sink, CONNECTIONS, messages));
        for (String peer : PeerMain.NAMES) {
            stand.postgres().createDatabase(PeerMain.database(peer));
            rounds.limit(peer + ", Angus Mail", () -> peer(stand, peer, sink));
        }
        rounds.subject("UMS", () -> {
                    stand.emptyLedger();
                    return drain.run(stand, api);
                })
                .run()
                .print(System.out);
    }

    private Sample peer(Stand stand, String name, int sink) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        words.addAll(stand.setup().jvm());
        words.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                PeerMain.class.getName(),
                name,
                String.valueOf(stand.postgres().port()),
                Postgres.USER,
                String.valueOf(sink),
                angus,
                String.valueOf(warmUp),
                String.valueOf(messages)));
        Process process =
                stand.programs().start(Map.of("PGPASSWORD", stand.postgres().password()), words);
        try (BufferedReader out = process.inputReader();
                OutputStream in = process.getOutputStream()) {
            expect(out, PeerMain.READY);
            stand.calm();
            in.write("\n".getBytes(StandardCharsets.US_ASCII));
            in.flush();
            expect(out, PeerMain.WARM);
            Meter meter = Meter.start(stand, process.toHandle());
            double before = meter.seconds();
            expect(out, PeerMain.DONE);
            double seconds = meter.seconds() - before;
            return Sample.of(messages / seconds, meter.cost(messages));
        } finally {
            stand.programs().end(process);
        }
    }

    private static void expect(BufferedReader out, String word) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.equals(word)) {
                return;
            }
            said.append(line).append('\n');
        }
        throw new IOException("the peer ended: " + said);
    }
}
