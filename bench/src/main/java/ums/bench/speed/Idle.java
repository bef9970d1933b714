package ums.bench.speed;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import ums.bench.CommandLine;
import ums.bench.UmsProcess;

/** One message at a time on an idle process. */
final class Idle implements Benchmark {

    private static final int PATIENCE = 30;
    private static final int REST = 20;

    private final int warmUp;
    private final int messages;

    Idle(CommandLine line) {
        warmUp = line.take("warm-up", 300);
        messages = line.take("messages", 600);
    }

    @Override
    public void run(Stand stand) throws IOException, InterruptedException {
        try (Provider provider = new Provider(Duration.ZERO)) {
            UmsProcess ums = stand.ums("ums", "all", Drain.smtp(provider.port()));
            series(stand, ums, provider, warmUp);
            new Rounds(stand.setup())
                    .line("UMS, %d messages one by one".formatted(messages), () -> {
                        stand.calm();
                        return series(stand, ums, provider, messages);
                    })
                    .run()
                    .print(System.out);
        }
    }

    private static Sample series(Stand stand, UmsProcess ums, Provider provider, int count)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(ums.url("/api/messages")))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + stand.key())
                .POST(HttpRequest.BodyPublishers.ofString(
                        Backlog.message("customer@shop.example", Backlog.MAIL_OF_2_KB)))
                .build();
        List<Double> toAnswer = new ArrayList<>();
        List<Double> toData = new ArrayList<>();
        Meter meter = Meter.start(stand, ums.handle());
        for (int n = 0; n < count; n++) {
            long start = System.nanoTime();
            HttpResponse<String> answer = stand.http().send(request, HttpResponse.BodyHandlers.ofString());
            toAnswer.add((System.nanoTime() - start) / 1e6);
            Long data = provider.data().poll(PATIENCE, TimeUnit.SECONDS);
            if (answer.statusCode() != 202 || data == null) {
                throw new IOException("not accepted or not sent: " + answer.body());
            }
            toData.add((data - start) / 1e6);
            // Wait until the process is idle again: settled, with the connection kept.
            Thread.sleep(REST);
        }
        Figures answers = Figures.of(toAnswer);
        Figures datas = Figures.of(toData);
        return Sample.of(count / meter.seconds(), meter.cost(count))
                .with("POST → DATA p50 ms", datas.median())
                .with("p99 ms", datas.part(0.99))
                .with("POST → 202 p50 ms", answers.median())
                .with("its p99 ms", answers.part(0.99));
    }
}
