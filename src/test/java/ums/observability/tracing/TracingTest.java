package ums.observability.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.tracing.Tracer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import ums.Messages;
import ums.OwnService;
import ums.TestDatabase;
import ums.UmsClient;
import ums.observability.tracing.OtlpReceiver.Span;

/** The caller's trace continues to the provider's response, through the database and into another process. */
class TracingTest {

    @TempDir
    Path home;

    private final TestDatabase database = TestDatabase.fresh();

    @Test
    void theAttemptIsASpanOfTheCallersTraceEvenAfterARestart() throws Exception {
        String trace = randomHex(16);
        String caller = randomHex(8);
        UUID id;
        try (OtlpReceiver receiver = new OtlpReceiver()) {
            String export = "--management.opentelemetry.tracing.export.otlp.endpoint=" + receiver.url();
            try (ConfigurableApplicationContext api = start("api", export)) {
                UmsClient ums = api.getBean(UmsClient.class);
                id = ums.send(
                                ums.newKey(),
                                Messages.to("a@example.com"),
                                "traceparent",
                                "00-" + trace + "-" + caller + "-01")
                        .id();
            }
            Span request = await().until(() -> spans(receiver, trace, "http"), it -> it.size() == 1)
                    .getFirst();
            assertThat(request.parent()).isEqualTo(caller);
            assertThat(spans(receiver, trace, "send email")).isEmpty();

            try (ConfigurableApplicationContext worker = start("all", export)) {
                JdbcClient jdbc = worker.getBean(JdbcClient.class);
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> status(jdbc, id).equals("SENT"));
            }
            List<Span> sends = await().until(() -> spans(receiver, trace, "send email"), it -> !it.isEmpty());
            assertThat(sends)
                    .singleElement()
                    .satisfies(it -> assertThat(it.parent()).isEqualTo(request.id()));
        }
        List<String> story = await().until(() -> linesAbout(id), it -> it.size() == 2);
        assertThat(story).allMatch(it -> it.contains("\"traceId\":\"" + trace + "\""));
    }

    @Test
    void anUnsampledTraceHasNoSpansButIsInTheLog() throws Exception {
        String unsampled = randomHex(16);
        String sampled = randomHex(16);
        String caller = randomHex(8);
        try (OtlpReceiver receiver = new OtlpReceiver();
                ConfigurableApplicationContext service = start(
                        "all",
                        "--management.opentelemetry.tracing.export.otlp.endpoint=" + receiver.url(),
                        "--management.tracing.sampling.probability=0")) {
            UmsClient ums = service.getBean(UmsClient.class);
            JdbcClient jdbc = service.getBean(JdbcClient.class);
            String key = ums.newKey();
            UUID untold = sent(ums, jdbc, key, "00-" + unsampled + "-" + caller + "-00");
            UUID without = ums.send(key, Messages.to("a@example.com")).id();
            sent(ums, jdbc, key, "00-" + sampled + "-" + caller + "-01");

            await().until(() -> spans(receiver, sampled, "").size() == 2);
            assertThat(spans(receiver, unsampled, "")).isEmpty();
            assertThat(kept(jdbc, untold)).isEqualTo("00-" + unsampled + "-" + caller + "-00");
            assertThat(kept(jdbc, without)).isNull();
            assertThat(await().until(() -> linesAbout(untold), it -> it.size() == 2))
                    .allMatch(it -> it.contains("\"traceId\":\"" + unsampled + "\""));
        }
    }

    @Test
    void requestsWithoutATraceAreSampledAtRandom() throws Exception {
        try (OtlpReceiver receiver = new OtlpReceiver();
                ConfigurableApplicationContext service = start(
                        "all",
                        "--management.opentelemetry.tracing.export.otlp.endpoint=" + receiver.url(),
                        "--management.tracing.sampling.probability=1")) {
            UmsClient ums = service.getBean(UmsClient.class);
            JdbcClient jdbc = service.getBean(JdbcClient.class);
            UUID id = ums.send(ums.newKey(), Messages.to("a@example.com")).id();

            String begun = kept(jdbc, id);
            assertThat(begun).isNotNull();
            String trace = begun.substring(3, 35);
            await().until(() -> spans(receiver, trace, "http").size() == 1
                    && spans(receiver, trace, "send email").size() == 1);
        }
    }

    @Test
    void nothingIsTracedOrStoredUnlessTracesAreExported() {
        try (ConfigurableApplicationContext service = start("api")) {
            UmsClient ums = service.getBean(UmsClient.class);
            UUID id = ums.send(
                            ums.newKey(),
                            Messages.to("a@example.com"),
                            "traceparent",
                            "00-" + randomHex(16) + "-" + randomHex(8) + "-01")
                    .id();

            assertThat(service.getBeanNamesForType(Tracer.class)).isEmpty();
            assertThat(kept(service.getBean(JdbcClient.class), id)).isNull();
        }
    }

    private List<String> linesAbout(UUID id) throws IOException {
        try (Stream<String> lines = Files.lines(home.resolve("logs/ums.json"))) {
            return lines.filter(it -> it.contains(id.toString())).toList();
        }
    }

    private static List<Span> spans(OtlpReceiver receiver, String trace, String name) {
        return receiver.trace(trace).stream()
                .filter(it -> it.name().startsWith(name))
                .toList();
    }

    private static UUID sent(UmsClient ums, JdbcClient jdbc, String key, String traceparent) {
        UUID id = ums.send(key, Messages.to("a@example.com"), "traceparent", traceparent)
                .id();
        await().until(() -> status(jdbc, id).equals("SENT"));
        return id;
    }

    private static @Nullable String kept(JdbcClient jdbc, UUID id) {
        return jdbc.sql("select traceparent from message_content where message_id = :id")
                .param("id", id)
                .query(String.class)
                .optional()
                .orElse(null);
    }

    private static String status(JdbcClient jdbc, UUID id) {
        return jdbc.sql("select status from message where id = :id")
                .param("id", id)
                .query(String.class)
                .single();
    }

    private static String randomHex(int bytes) {
        byte[] random = new byte[bytes];
        new Random().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private ConfigurableApplicationContext start(String role, String... more) {
        return OwnService.start(
                home,
                database,
                Stream.concat(Stream.of("--ums.role=" + role, "--logging.level.root=info"), Stream.of(more))
                        .toArray(String[]::new));
    }
}
