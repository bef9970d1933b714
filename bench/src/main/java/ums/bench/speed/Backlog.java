package ums.bench.speed;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import ums.bench.UmsProcess;

/** Posts messages in batches, before a measurement. */
public final class Backlog {

    /** Lines of text that make a JSON message of about 1 KB. */
    static final int ABOUT_1_KB = 11;

    /** Lines of text that make a mail of 2 KB with its headers. */
    public static final int MAIL_OF_2_KB = 22;

    /** 78 characters, the recommended maximum of a mail's line. */
    public static final String LINE = "It will be with you soon. ".repeat(3).strip() + "!";

    private static final int BATCH = 500;
    private static final int CONNECTIONS = 4;

    private final Stand stand;

    Backlog(Stand stand) {
        this.stand = stand;
    }

    /** Posts a number of 2 KB mails and waits for all answers. */
    void put(UmsProcess ums, int count) throws IOException, InterruptedException {
        put(ums, count, MAIL_OF_2_KB);
    }

    /** Posts a number of mails with texts of this many lines, and waits for all answers. */
    void put(UmsProcess ums, int count, int lines) throws IOException, InterruptedException {
        try (ExecutorService connections = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Future<?>> posts = new ArrayList<>();
            for (int first = 0; first < count; first += BATCH) {
                int from = first;
                posts.add(connections.submit(() -> {
                    post(ums, batch(from, Math.min(count, from + BATCH), lines));
                    return null;
                }));
            }
            for (Future<?> post : posts) {
                post.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("the backlog is not accepted", e);
        }
    }

    private void post(UmsProcess ums, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = stand.http()
                .send(
                        HttpRequest.newBuilder(URI.create(ums.url("/api/messages/batch")))
                                .header("Content-Type", "application/json")
                                .header("Authorization", "Bearer " + stand.key())
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 202 || !answer.body().contains("\"rejected\":0")) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
    }

    private static String batch(int from, int to, int lines) {
        StringJoiner items = new StringJoiner(",", "{\"messages\":[", "]}");
        for (int n = from; n < to; n++) {
            items.add(message("customer-" + n + "@shop.example", lines));
        }
        return items.toString();
    }

    /** A message as JSON. */
    static String message(String to, int lines) {
        return """
                {"from":"bench@bench.example","to":["%s"],"subject":"Your order is on its way","text":"%s"}""".formatted(to, (LINE + "\\n").repeat(lines));
    }
}
