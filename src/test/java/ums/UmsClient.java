package ums;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the running service, for callers and operators: HTTP with JSON. */
@Component
@Lazy
public class UmsClient {

    public static final String ADMIN_PASSWORD = "a test's password";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Environment environment;

    UmsClient(Environment environment) {
        this.environment = environment;
    }

    /** Creates a key for a new client. */
    public String newKey() {
        return newKey("{\"client\": \"client-" + UUID.randomUUID() + "\"}");
    }

    /** Creates a key by a request body. */
    public String newKey(String body) {
        Answer answer = admin("POST", "/admin/api-keys", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json().get("key").stringValue();
    }

    public Answer send(String key, String body, String... headers) {
        return call("POST", "/api/messages", "Bearer " + key, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    public Answer send(String key, byte[] body, String... headers) {
        return call("POST", "/api/messages", "Bearer " + key, body, headers);
    }

    /** Sends the body without a Content-Length. */
    public Answer sendChunked(String key, byte[] body) {
        return exchange(HttpRequest.newBuilder(uri("/api/messages"))
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .build());
    }

    public Answer get(String key, String path) {
        return call("GET", path, "Bearer " + key, null);
    }

    public Answer admin(String method, String path, @Nullable String body) {
        return call(
                method,
                path,
                basic("admin", ADMIN_PASSWORD),
                body == null ? null : body.getBytes(StandardCharsets.UTF_8));
    }

    /** The {@code Authorization} header for a name and a password. */
    public static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** The service's port, for requests by {@link RawHttp}. */
    public int port() {
        return environment.getRequiredProperty("local.server.port", Integer.class);
    }

    /** The actuator's port. */
    public int actuatorPort() {
        return environment.getRequiredProperty("local.management.port", Integer.class);
    }

    /** The mails in the inbox for an address, newest first. */
    public List<JsonNode> inbox(String recipient) {
        List<JsonNode> mails = new ArrayList<>();
        for (JsonNode mail : admin("GET", "/inbox?limit=1000", null).json().get("data")) {
            for (JsonNode to : mail.get("to")) {
                if (to.stringValue().equals(recipient)) {
                    mails.add(mail);
                }
            }
        }
        return mails;
    }

    public Answer actuator(String path) {
        return exchange(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + actuatorPort() + path))
                .build());
    }

    /** Sends any request; {@code Content-Type} is JSON unless the headers set another one. */
    public Answer call(
            String method, String path, @Nullable String authorization, byte @Nullable [] body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return exchange(request.build());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + environment.getProperty("local.server.port") + path);
    }

    private Answer exchange(HttpRequest request) {
        try {
            return new Answer(http.send(request, HttpResponse.BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A response. */
    public record Answer(HttpResponse<byte[]> response) {

        public int status() {
            return response.statusCode();
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        public String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            return JSON.readTree(response.body());
        }

        /** The {@code code} of a problem. */
        public String code() {
            assertThat(header("Content-Type")).startsWith("application/problem+json");
            return json().get("code").stringValue();
        }

        /** The pointers of a problem's errors. */
        public List<String> pointers() {
            List<String> pointers = new ArrayList<>();
            json().get("errors").forEach(it -> pointers.add(it.get("pointer").stringValue()));
            return pointers;
        }

        /** The id of the message in the response. */
        public UUID id() {
            return UUID.fromString(json().get("id").stringValue());
        }
    }
}
