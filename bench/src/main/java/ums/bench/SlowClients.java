package ums.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * 200 clients that send a byte a second: a third each in the header, in the body with a key, and in the body without a key.
 * Measures a normal client's latency meanwhile, and how long a slow connection is kept.
 */
final class SlowClients {

    private static final int CLIENTS = 200;
    private static final Duration DURATION = Duration.ofMinutes(1);
    private static final Duration CALM = Duration.ofSeconds(15);
    private static final Duration LONGEST_KEPT = Duration.ofSeconds(20);

    private final Site site;
    private final int port;
    private final String key;
    private final AtomicInteger connected = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();
    private final AtomicLong longest = new AtomicLong();
    private final List<Socket> sockets = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean over;

    private SlowClients(Site site) throws IOException, InterruptedException {
        this.site = site;
        this.port = URI.create(site.process(0).url("/")).getPort();
        this.key = site.client().newKey(site.process(0), "slow");
    }

    static boolean run(Options options) throws IOException, InterruptedException {
        Scenario scenario = new Scenario();
        try (Site site = Site.start(options.withProcesses(1))) {
            new SlowClients(site).run(scenario);
        }
        return scenario.isKept();
    }

    private void run(Scenario scenario) throws IOException, InterruptedException {
        Neighbour neighbour = new Neighbour(site);
        Neighbour.Noticed calm = neighbour.calm(CALM);
        for (int i = 0; i < CLIENTS; i++) {
            int kind = i % 3;
            Thread.ofVirtual().start(() -> trickle(kind));
        }
        Scenario.await("200 connections", Scenario.PATIENCE, () -> connected.get() >= CLIENTS);
        Neighbour.Noticed disturbed = neighbour.post(DURATION);
        over = true;
        for (Socket socket : List.copyOf(sockets)) {
            socket.close();
        }
        Scenario.tell("a normal client's POST, ms   %s calm", calm);
        scenario.check(
                disturbed.unanswered() == 0 && disturbed.ms(0.5) <= 2 * calm.ms(0.5) + 10,
                "                       %s beside %d slow ones, %d unanswered",
                disturbed,
                CLIENTS,
                disturbed.unanswered());
        scenario.check(
                cut.get() >= CLIENTS,
                "slow connections cut %d times of %d; kept for %.1f s at most",
                cut.get(),
                connected.get(),
                longest.get() / 1e9);
        scenario.check(
                longest.get() < LONGEST_KEPT.toNanos(), "none kept longer than %.0f s", Scenario.seconds(LONGEST_KEPT));
    }

    /** Reconnects whenever it is cut off. */
    private void trickle(int kind) {
        String head = "POST /api/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        String beginning = switch (kind) {
            case 0 -> head + "X-Slow: ";
            case 1 -> head + "Authorization: Bearer " + key + "\r\nContent-Length: 100000\r\n\r\n{\"text\": \"";
            default -> head + "Content-Length: 100000\r\n\r\n{\"text\": \"";
        };
        while (!over) {
            long start = System.nanoTime();
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                sockets.add(socket);
                connected.incrementAndGet();
                OutputStream out = socket.getOutputStream();
                out.write(beginning.getBytes(StandardCharsets.ISO_8859_1));
                while (true) {
                    Thread.sleep(Duration.ofSeconds(1));
                    out.write('x');
                }
            } catch (IOException e) {
                if (!over) {
                    cut.incrementAndGet();
                    longest.accumulateAndGet(System.nanoTime() - start, Math::max);
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
