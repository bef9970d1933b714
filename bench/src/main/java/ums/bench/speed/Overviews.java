package ums.bench.speed;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import ums.bench.UmsProcess;

/**
 * Open overview pages of the console: sends the requests that such a page sends by itself, as often. Before the measurement
 * they are requested often enough to warm up the server.
 */
final class Overviews {

    private static final int FIGURES_EVERY = 5;
    private static final int CHARTS_EVERY = 60;
    /** Requests before the measurement. */
    private static final int WARM_UP = 300;

    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    private final HttpClient http;
    private final UmsProcess ums;
    private final int pages;
    private final AtomicReference<@Nullable Exception> fault = new AtomicReference<>();

    /** Logs in and warms the server up. */
    Overviews(UmsProcess ums, String password, int pages) throws IOException, InterruptedException {
        this.ums = ums;
        this.pages = pages;
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .cookieHandler(new CookieManager())
                .build();
        Matcher token = TOKEN.matcher(get(ums.url("/console/login")));
        if (!token.find()) {
            throw new IOException("no form to log in");
        }
        String form = "_csrf=%s&name=admin&password=%s".formatted(encoded(token.group(1)), encoded(password));
        http.send(
                HttpRequest.newBuilder(URI.create(ums.url("/console/login")))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        get(ums.url("/console"));
        for (int i = 0; i < WARM_UP; i++) {
            get(ums.url("/console/figures"));
            get(ums.url("/console/charts"));
        }
    }

    /** Runs a trial while the pages poll, evenly spread. A failed request fails the trial. */
    Sample during(Rounds.Trial trial) throws IOException, InterruptedException {
        fault.set(null);
        try (ScheduledExecutorService clock = Executors.newScheduledThreadPool(1)) {
            for (int i = 0; i < pages; i++) {
                every(clock, FIGURES_EVERY, i, ums.url("/console/figures"));
                every(clock, CHARTS_EVERY, i, ums.url("/console/charts"));
            }
            Sample sample = trial.run();
            clock.shutdownNow();
            Exception e = fault.get();
            if (e != null) {
                throw new IOException("an overview was not open", e);
            }
            return sample;
        }
    }

    private void every(ScheduledExecutorService clock, int seconds, int page, String url) {
        clock.scheduleAtFixedRate(
                () -> {
                    try {
                        get(url);
                    } catch (IOException e) {
                        fault.set(e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                page * seconds * 1_000L / pages,
                seconds * 1_000L,
                TimeUnit.MILLISECONDS);
    }

    private String get(String url) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(answer.statusCode() + " from " + url);
        }
        return answer.body();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
