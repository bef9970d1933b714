package ums.provider.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static ums.provider.smtp.ScriptedSmtpServer.closes;
import static ums.provider.smtp.ScriptedSmtpServer.hangs;
import static ums.provider.smtp.ScriptedSmtpServer.reads;
import static ums.provider.smtp.ScriptedSmtpServer.says;
import static ums.provider.smtp.SmtpFixtures.SHORT;
import static ums.provider.smtp.SmtpFixtures.at;
import static ums.provider.smtp.SmtpFixtures.email;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import ums.SettableClock;
import ums.provider.CircuitBreaker;
import ums.provider.CircuitChanged;
import ums.provider.RecipientOutcome;
import ums.provider.smtp.ScriptedSmtpServer.Answer;

/** The circuit breaker: when it opens, when not, and how it closes. */
@Timeout(20)
class SmtpCircuitTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final Duration SOON = Duration.ofMillis(10);
    private static final Duration NEVER = Duration.ofDays(1);

    private final List<CircuitChanged> changes = new CopyOnWriteArrayList<>();
    private final SettableClock clock = new SettableClock();
    private final Logger log = (Logger) LoggerFactory.getLogger(CircuitBreaker.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private ScriptedSmtpServer server;
    private String password;

    @BeforeEach
    void start() throws IOException {
        clock.set(NOW);
        server = ScriptedSmtpServer.start();
        // A Spring context of an earlier test may have left a filter that discards log events until logging starts.
        log.getLoggerContext().resetTurboFilterList();
        log.setLevel(Level.INFO);
        logged.start();
        log.addAppender(logged);
    }

    @AfterEach
    void stop() throws IOException {
        log.detachAppender(logged);
        server.close();
    }

    @Test
    void fiveErrorsInARowOpenTheCircuitAndFourDoNot() {
        next("CONNECT", 5, says("554 no service"));
        try (SmtpSender sender = sender(NEVER)) {
            send(sender, 4);
            assertThat(sender.availability().available()).isTrue();
            assertThat(changes).isEmpty();

            send(sender, 1);
            assertThat(sender.availability().available()).isFalse();
            assertThat(sender.availability().reason()).isEqualTo("GREETING: 554 no service");
            assertThat(sender.availability().since()).isEqualTo(NOW);
            assertThat(changes).containsExactly(new CircuitChanged("smtp", name(), true, "GREETING: 554 no service"));
        }
        assertThat(lines()).singleElement().asString().contains("ERROR", name(), "open", "GREETING: 554 no service");
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT, 421 busy",
        "EHLO, 451 not now",
        "EHLO, 550 no",
        "STARTTLS, 454 no TLS now",
        "STARTTLS, 501 no TLS ever",
        "AUTH, 454 later",
        "AUTH, 535 who are you",
        "MAIL, 421 going down"
    })
    void errorsThatNoMessageCanCauseOpenTheCircuit(String event, String reply) {
        server.offers("PIPELINING", event.equals("STARTTLS") ? "STARTTLS" : "AUTH PLAIN");
        password = event.equals("AUTH") ? "secret" : null;
        next(event, 5, says(reply));
        try (SmtpSender sender = sender(NEVER)) {
            assertThat(send(sender, 5)).allMatch(RecipientOutcome::serverFault);
            assertThat(sender.availability().available()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"CONNECT, GREETING", "EHLO, EHLO"})
    void timeoutsThatNoMessageCanCauseOpenTheCircuit(String event, String phase) {
        next(event, 5, hangs());
        try (SmtpSender sender = sender(NEVER)) {
            assertThat(send(sender, 5)).allMatch(RecipientOutcome::serverFault);
            assertThat(sender.availability().reason()).isEqualTo(phase + ": no answer in time");
        }
    }

    @Test
    void anUnreachableServerOpensTheCircuit() throws IOException {
        server.close();
        try (SmtpSender sender = sender(NEVER)) {
            assertThat(send(sender, 5)).allMatch(RecipientOutcome::serverFault);
            assertThat(sender.availability().reason()).startsWith("CONNECT: no connection");
        }
    }

    @Test
    void a421BeforeRcptOpensTheCircuitWithoutPipeliningToo() {
        server.offers(SmtpFixtures.ONE_BY_ONE);
        next("MAIL", 5, says("421 going down"));
        try (SmtpSender sender = sender(NEVER)) {
            assertThat(send(sender, 5)).allMatch(RecipientOutcome::serverFault);
            assertThat(sender.availability().reason()).isEqualTo("MAIL: 421 going down");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL, 451 not now",
        "MAIL, 550 not you",
        "RCPT, 421 closing",
        "RCPT, 450 not now",
        "DATA, 421 closing",
        "DATA, 451 not now",
        "DATA, 550 never",
        "., 421 closing",
        "., 451 not now",
        "., 550 never"
    })
    void errorsThatAMessageMayCauseNeverOpenTheCircuit(String event, String reply) {
        next(event, 10, says(reply));
        try (SmtpSender sender = sender(NEVER)) {
            assertThat(send(sender, 10)).noneMatch(RecipientOutcome::serverFault);
            assertThat(sender.availability().available()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT", "DATA", "BODY", "."})
    void aConnectionClosedOnAMessageNeverOpensTheCircuit(String event) {
        next(event, 10, closes());
        try (SmtpSender sender = sender(NEVER)) {
            assertThat(send(sender, 10)).noneMatch(RecipientOutcome::serverFault);
            assertThat(sender.availability().available()).isTrue();
        }
    }

    @Test
    void aSuccessResetsTheCount() {
        next("CONNECT", 4, says("421 busy"));
        server.on("CONNECT", ScriptedSmtpServer.usual());
        next("CONNECT", 4, says("421 busy"));
        // Even a refusal is an answer, and closes the connection here.
        server.on("MAIL", says("451 not you, not now")).on("DATA", closes());
        try (SmtpSender sender = sender(NEVER)) {
            send(sender, 4 + 1 + 4);
            assertThat(server.connections()).isEqualTo(9);
            assertThat(sender.availability().available()).isTrue();
        }
    }

    @Test
    void aClosedKeptConnectionIsNotCounted() {
        try (SmtpSender sender = sender(NEVER)) {
            for (int i = 0; i < 6; i++) {
                assertThat(send(sender, 1)).noneMatch(RecipientOutcome::serverFault);
                server.on("MAIL", says("421 idle too long"), ScriptedSmtpServer.usual());
            }
            assertThat(sender.availability().available()).isTrue();
        }
    }

    @Test
    void theProbeClosesTheCircuitWithoutAMessage() {
        server.offers("PIPELINING", "AUTH PLAIN");
        password = "secret";
        next("CONNECT", 5 + 2, says("421 busy"));
        try (SmtpSender sender = sender(SOON)) {
            send(sender, 5);
            await().until(() -> sender.availability().available());

            assertThat(server.connections()).isEqualTo(5 + 2 + 1);
            assertThat(server.connection(7).commands())
                    .satisfiesExactly(
                            ehlo -> assertThat(ehlo).startsWith("EHLO "),
                            auth -> assertThat(auth).startsWith("AUTH PLAIN "));
            await().until(() -> changes.size() == 2);
            assertThat(changes.getLast()).isEqualTo(new CircuitChanged("smtp", name(), false, ""));

            // Its connection is kept for the next message.
            assertThat(send(sender, 1)).noneMatch(RecipientOutcome::serverFault);
            assertThat(server.connections()).isEqualTo(8);
            assertThat(server.mails()).hasSize(1);
        }
        assertThat(lines()).hasSize(2).allMatch(it -> it.contains("ERROR"));
        assertThat(lines().getLast()).contains(name(), "closed");
    }

    @Test
    void theLastErrorOfTheProbeIsTheReason() {
        next("CONNECT", 5, says("421 busy"));
        server.on("CONNECT", says("554 5.3.2 closed for the night"));
        CountDownLatch notified = new CountDownLatch(1);
        server.on("CONNECT", session -> {
            notified.countDown();
            hangs().give(session);
        });
        try (SmtpSender sender = sender(SOON)) {
            send(sender, 5);
            happens(notified);
            assertThat(sender.availability().reason()).isEqualTo("GREETING: 554 5.3.2 closed for the night");
            assertThat(sender.availability().since()).isEqualTo(NOW);
            assertThat(changes).hasSize(1);
        }
    }

    @Test
    void aProbesConnectionClosedByTheServerIsNotAnError() throws InterruptedException {
        next("CONNECT", 5, says("421 busy"));
        server.on("MAIL", closes());
        try (SmtpSender sender = sender(SOON)) {
            send(sender, 5);
            await().until(() -> sender.availability().available());

            assertThat(SmtpFixtures.words(send(sender, 1).getFirst().outcome())).isEqualTo("SENT 250");
            assertThat(server.connections()).isEqualTo(7);
        }
    }

    @Test
    void aProbeStopsWithItsSender() throws InterruptedException {
        CountDownLatch probed = new CountDownLatch(1);
        next("CONNECT", 5, says("421 busy"));
        server.on("CONNECT", session -> {
            probed.countDown();
            reads(1).give(session);
        });
        SmtpSender sender =
                new SmtpSender(at(server, SmtpFixtures.LONG), null, null, SmtpConnections.MAX_IDLE_TIME, circuit(SOON));
        send(sender, 5);
        happens(probed);

        sender.close();

        assertThat(server.connection(5).awaitEnd()).isTrue();
        assertThat(server.connections()).isEqualTo(6);
        assertThat(changes).hasSize(1);
    }

    @Test
    void errorsOfAnEarlierGenerationAreIgnored() {
        CircuitBreaker circuit = circuit(NEVER);
        int before = circuit.generation();
        fail(circuit, circuit.generation(), 5);
        circuit.close();

        fail(circuit, before, 10);
        assertThat(circuit.availability().available()).isTrue();
        fail(circuit, circuit.generation(), 5);
        assertThat(circuit.availability().available()).isFalse();
    }

    @Test
    void errorsWhileTheCircuitIsOpenChangeNothing() {
        CircuitBreaker circuit = circuit(NEVER);
        fail(circuit, circuit.generation(), 5);

        fail(circuit, circuit.generation(), 10);

        assertThat(changes).hasSize(1);
    }

    @Test
    void aMessageInFlightDoesNotCloseTheCircuit() {
        CircuitBreaker circuit = circuit(NEVER);
        fail(circuit, circuit.generation(), 5);

        circuit.succeeded();

        assertThat(circuit.availability().available()).isFalse();
    }

    @Test
    void probesBackOffUntilAMessageSucceeds() {
        CircuitBreaker circuit = new CircuitBreaker("smtp", "scripted", clock, changes::add);
        fail(circuit, circuit.generation(), 5);
        assertThat(List.of(seconds(circuit), seconds(circuit), seconds(circuit), seconds(circuit), seconds(circuit)))
                .containsExactly(1L, 2L, 4L, 8L, 16L);
        assertThat(seconds(circuit)).isEqualTo(30);

        // The server accepts probes and refuses messages.
        for (long pause : List.of(30L, 60L, 120L, 240L, 300L, 300L)) {
            circuit.close();
            fail(circuit, circuit.generation(), 5);
            assertThat(seconds(circuit)).isEqualTo(pause);
        }

        circuit.close();
        fail(circuit, circuit.generation(), 1);
        circuit.succeeded();
        fail(circuit, circuit.generation(), 5);
        assertThat(seconds(circuit)).isEqualTo(1);
    }

    @Test
    void theReasonHoldsNoAddressAndNoLoginReply() {
        next("MAIL", 5, says("421 too much mail from <shop@example.org>"));
        try (SmtpSender sender = sender(NEVER)) {
            send(sender, 5);
            assertThat(sender.availability().reason()).isEqualTo("MAIL: 421 too much mail from (address)");
        }
        server.offers("AUTH PLAIN");
        password = "secret";
        next("AUTH", 5, says("535 no such user shop"));
        try (SmtpSender sender = sender(NEVER)) {
            send(sender, 5);
            assertThat(sender.availability().reason()).isEqualTo("AUTH: 535");
        }
        assertThat(lines()).isNotEmpty().noneMatch(it -> it.contains("example.org") || it.contains("no such user"));
    }

    @Test
    void aFailingListenerDoesNotAffectMessages() {
        CircuitBreaker circuit = new CircuitBreaker(
                "smtp",
                "scripted",
                clock,
                _ -> {
                    throw new IllegalStateException("scripted");
                },
                SOON,
                SOON);
        next("CONNECT", 5, says("421 busy"));
        try (SmtpSender sender =
                new SmtpSender(at(server, SHORT), null, null, SmtpConnections.MAX_IDLE_TIME, circuit)) {
            send(sender, 5);
            await().until(() -> sender.availability().available());
        }
    }

    private SmtpSender sender(Duration pause) {
        SmtpServer settings = at("127.0.0.1", server.port(), password, SmtpServer.Tls.AUTO, SHORT);
        return new SmtpSender(settings, null, null, SmtpConnections.MAX_IDLE_TIME, circuit(pause));
    }

    private CircuitBreaker circuit(Duration pause) {
        return new CircuitBreaker("smtp", name(), clock, changes::add, pause, pause);
    }

    private String name() {
        return "127.0.0.1:" + server.port();
    }

    private void next(String event, int times, Answer answer) {
        server.on(event, Collections.nCopies(times, answer).toArray(Answer[]::new));
    }

    private static List<RecipientOutcome> send(SmtpSender sender, int times) {
        List<RecipientOutcome> outcomes = new CopyOnWriteArrayList<>();
        for (int i = 0; i < times; i++) {
            outcomes.addAll(sender.send(email()));
        }
        return outcomes;
    }

    private static void fail(CircuitBreaker circuit, int generation, int times) {
        for (int i = 0; i < times; i++) {
            circuit.failed(generation, SmtpReplies.lost(SmtpPhase.CONNECT, "scripted"));
        }
    }

    private static long seconds(CircuitBreaker circuit) {
        return circuit.nextPause().toSeconds();
    }

    private List<String> lines() {
        return logged.list.stream()
                .map(it -> it.getLevel() + " " + it.getFormattedMessage())
                .toList();
    }

    private static void happens(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
