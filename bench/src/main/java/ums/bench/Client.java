package ums.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client of the API with its key, and the admin that created the key. */
public final class Client {

    static final String FROM = "chaos@bench.example";

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LARGE_PATIENCE = Duration.ofSeconds(60);
    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([0-9a-f-]{36})\"");
    private static final Pattern KEY = Pattern.compile("\"key\"\\s*:\\s*\"([^\"]+)\"");

    private final HttpClient http;
    private final String password;
    private volatile String key = "";

    /** @param password the admin's password */
    public Client(HttpClient http, String password) {
        this.http = http;
        this.password = password;
    }

    /** Creates the key for all messages. */
    public void makeKey(UmsProcess process) throws IOException, InterruptedException {
        key = newKey(process, "bench");
    }

    /** Creates a key for a client. */
    String newKey(UmsProcess process, String client) throws IOException, InterruptedException {
        String basic = Base64.getEncoder().encodeToString(("admin:" + password).getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> answer = http.send(
                request(
                                process.url("/admin/api-keys"),
                                HttpRequest.BodyPublishers.ofString("{\"client\": \"" + client + "\"}"))
                        .header("Authorization", "Basic " + basic)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return find(KEY, answer.body())
                .orElseThrow(() -> new IOException("no key: " + answer.statusCode() + " " + answer.body()));
    }

    /** The same client with another key. */
    Client as(String other) {
        Client client = new Client(http, password);
        client.key = other;
        return client;
    }

    /** The created key. */
    public String key() {
        return key;
    }

    /**
     * Posts a message once.
     *
     * @param idempotencyKey identifies the message when it is posted again
     * @return its id; empty if the answer is lost, or is a 408, 429 or 503
     * @throws IllegalStateException if the message is refused, which is a bug of this program or of UMS
     */
    Optional<UUID> post(UmsProcess process, String idempotencyKey, String to, String priority)
            throws InterruptedException {
        return post(process, idempotencyKey, Mail.small(to), priority);
    }

    /** Posts a mail of any size once. */
    Optional<UUID> post(UmsProcess process, String idempotencyKey, Mail mail, String priority)
            throws InterruptedException {
        return call(
                        process,
                        "/api/messages",
                        idempotencyKey,
                        mail.body(FROM, priority),
                        mail.isLarge() ? LARGE_PATIENCE : PATIENCE)
                .map(it -> id(it).orElseThrow());
    }

    /**
     * Posts any body once.
     *
     * @return the answer; empty if it is lost, or is a 408, 429 or 503
     * @throws IllegalStateException if the request is refused, which is a bug of this program or of UMS
     */
    Optional<String> call(UmsProcess process, String path, String idempotencyKey, String body)
            throws InterruptedException {
        return call(process, path, idempotencyKey, HttpRequest.BodyPublishers.ofString(body), PATIENCE);
    }

    private Optional<String> call(
            UmsProcess process, String path, String idempotencyKey, HttpRequest.BodyPublisher body, Duration patience)
            throws InterruptedException {
        HttpRequest request = request(process.url(path), body)
                .timeout(patience)
                .header("Authorization", "Bearer " + key)
                .header("Idempotency-Key", idempotencyKey)
                .build();
        HttpResponse<String> answer;
        try {
            answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            return Optional.empty();
        }
        return switch (answer.statusCode()) {
            case 200, 201, 202 -> Optional.of(answer.body());
            // 408: the process was stopped while it read the body.
            case 408, 429, 503 -> Optional.empty();
            default ->
                throw new IllegalStateException(
                        idempotencyKey + " is answered " + answer.statusCode() + " " + answer.body());
        };
    }

    /** The id in an answer. */
    static Optional<UUID> id(String answer) {
        return find(ID, answer).map(UUID::fromString);
    }

    private static HttpRequest.Builder request(String url, HttpRequest.BodyPublisher json) {
        return HttpRequest.newBuilder(URI.create(url))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(json);
    }

    private static Optional<String> find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
