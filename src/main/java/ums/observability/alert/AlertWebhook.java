package ums.observability.alert;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * POSTs alerts to a webhook, on a thread of its own and with a bounded queue, so that a slow receiver affects nothing
 * else. Follows no redirects; each of three tries takes five seconds at most.
 */
final class AlertWebhook implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AlertWebhook.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_WAITING = 100;
    private static final int SUCCESS_CLASS = 2;

    private final URI url;
    private final List<Duration> retryDelays;
    private final Runnable onFailure;
    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpClient http = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TIMEOUT)
            .build();
    private final BlockingQueue<Alert> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final String instance = instance();
    private final Thread thread;

    /**
     * @param retryDelays the delay before each further try
     * @param onFailure called for each alert that was not delivered
     */
    AlertWebhook(URI url, List<Duration> retryDelays, Runnable onFailure) {
        this.url = url;
        this.retryDelays = retryDelays;
        this.onFailure = onFailure;
        this.thread = Thread.ofPlatform().name("alerts").daemon().start(this::run);
    }

    /** Enqueues an alert; never blocks. */
    void send(Alert alert) {
        if (!waiting.offer(alert)) {
            onFailure.run();
        }
    }

    private void run() {
        try {
            while (true) {
                deliver(waiting.take());
            }
        } catch (InterruptedException _) {
            // close() was called.
        }
    }

    private void deliver(Alert alert) throws InterruptedException {
        try {
            if (!delivered(alert)) {
                onFailure.run();
            }
        } catch (RuntimeException | Error e) {
            log.warn("An alert was lost because of a bug in UMS: {}", e.toString());
            onFailure.run();
        }
    }

    private boolean delivered(Alert alert) throws InterruptedException {
        String problem = post(alert);
        for (Duration delay : retryDelays) {
            if (problem.isEmpty()) {
                return true;
            }
            // Sleeps on this thread only; close interrupts it.
            Thread.sleep(delay);
            problem = post(alert);
        }
        if (!problem.isEmpty()) {
            // Logs only the host, as the rest of the URL may be a secret.
            log.warn("An alert was not delivered to {}: {}", url.getHost(), problem);
        }
        return problem.isEmpty();
    }

    /** @return the problem; empty on success */
    private String post(Alert alert) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("User-Agent", "UMS")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body(alert))))
                .build();
        CompletableFuture<HttpResponse<Void>> answer = http.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            // The request's own timeout ends with the response's headers.
            int status = answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).statusCode();
            return status / 100 == SUCCESS_CLASS ? "" : "it was answered " + status;
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause());
        } catch (TimeoutException _) {
            return "no answer within " + TIMEOUT.toSeconds() + " s";
        } finally {
            answer.cancel(true);
        }
    }

    private Map<String, Object> body(Alert alert) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("text", "[UMS " + instance + "] " + alert.text());
        body.put("kind", alert.kind().name());
        body.put("state", alert.firing() ? "FIRING" : "CLEARED");
        body.put("count", alert.count());
        body.put("since", alert.since().truncatedTo(ChronoUnit.MILLIS).toString());
        body.put("at", alert.at().truncatedTo(ChronoUnit.MILLIS).toString());
        body.put("instance", instance);
        return body;
    }

    private static String instance() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "unknown host";
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        http.shutdownNow();
    }
}
