package ums.observability.alert;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A webhook receiver on a real socket that stores what it receives. */
public final class WebhookReceiver implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpServer server;
    private final List<JsonNode> alerts = new CopyOnWriteArrayList<>();
    private volatile int status = 200;

    public WebhookReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::receive);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    private void receive(HttpExchange exchange) throws IOException {
        alerts.add(JSON.readTree(exchange.getRequestBody().readAllBytes()));
        exchange.getResponseHeaders().add("Location", "/elsewhere");
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    /** Sets the status of later responses, which have a {@code Location}. */
    public void answers(int status) {
        this.status = status;
    }

    /** Everything received, in order. */
    public List<JsonNode> alerts() {
        return alerts;
    }

    /** The states received of a kind: {@code FIRING} or {@code CLEARED}. */
    public List<String> states(String kind) {
        return alerts.stream()
                .filter(it -> it.get("kind").stringValue().equals(kind))
                .map(it -> it.get("state").stringValue())
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
