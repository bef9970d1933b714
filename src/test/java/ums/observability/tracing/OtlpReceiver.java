package ums.observability.tracing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * Receives traces like an OpenTelemetry collector (OTLP over HTTP, protobuf) and keeps the fields of spans that tests
 * need.
 */
final class OtlpReceiver implements AutoCloseable {

    /**
     * A span.
     *
     * @param parent the parent's id, or empty
     */
    record Span(String trace, String id, String parent, String name) {}

    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();

    OtlpReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::receive);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    private void receive(HttpExchange exchange) throws IOException {
        ByteBuffer request = ByteBuffer.wrap(exchange.getRequestBody().readAllBytes());
        for (ByteBuffer resource : fields(request, 1)) {
            for (ByteBuffer scope : fields(resource, 2)) {
                for (ByteBuffer span : fields(scope, 2)) {
                    spans.add(new Span(
                            hex(fields(span, 1)), hex(fields(span, 2)), hex(fields(span, 4)), text(fields(span, 5))));
                }
            }
        }
        exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    /** The length-delimited fields of a protobuf message with a number. */
    private static List<ByteBuffer> fields(ByteBuffer message, int wanted) {
        List<ByteBuffer> found = new ArrayList<>();
        ByteBuffer in = message.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            int key = (int) varint(in);
            switch (key & 7) {
                case 0 -> varint(in);
                case 1 -> in.getLong();
                case 5 -> in.getInt();
                case 2 -> {
                    int length = (int) varint(in);
                    if (key >>> 3 == wanted) {
                        found.add(in.slice(in.position(), length));
                    }
                    in.position(in.position() + length);
                }
                default -> throw new IllegalStateException("no such wire type in protobuf: " + key);
            }
        }
        return found;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static String hex(List<ByteBuffer> field) {
        return field.isEmpty() ? "" : HexFormat.of().formatHex(bytes(field.getFirst()));
    }

    private static String text(List<ByteBuffer> field) {
        return field.isEmpty() ? "" : new String(bytes(field.getFirst()), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    /** The spans of a trace. */
    List<Span> trace(String id) {
        return spans.stream().filter(it -> it.trace.equals(id)).toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
