package ums.provider.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static ums.provider.smtp.ScriptedSmtpServer.both;
import static ums.provider.smtp.ScriptedSmtpServer.closes;
import static ums.provider.smtp.ScriptedSmtpServer.resets;
import static ums.provider.smtp.ScriptedSmtpServer.says;
import static ums.provider.smtp.ScriptedSmtpServer.usual;
import static ums.provider.smtp.SmtpFixtures.LONG;
import static ums.provider.smtp.SmtpFixtures.SHORT;
import static ums.provider.smtp.SmtpFixtures.at;
import static ums.provider.smtp.SmtpFixtures.email;
import static ums.provider.smtp.SmtpFixtures.send;
import static ums.provider.smtp.SmtpFixtures.senderTo;
import static ums.provider.smtp.SmtpFixtures.words;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ums.provider.Outcome;
import ums.provider.smtp.ScriptedSmtpServer.Answer;

/** Kept connections: reused, closed without harm, and never too many. */
class SmtpConnectionsTest {

    private ScriptedSmtpServer server;
    private SmtpSender sender;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedSmtpServer.start();
        sender = senderTo(server);
    }

    @AfterEach
    void stop() throws IOException {
        sender.close();
        server.close();
    }

    @Test
    void oneConnectionCarriesManyMessages() throws InterruptedException {
        for (int i = 0; i < 50; i++) {
            assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
        }
        assertThat(server.connections()).isEqualTo(1);
        assertThat(server.mails()).hasSize(50);

        sender.close();
        assertThat(server.connection(0).awaitQuit()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aKeptConnectionClosedByTheServerIsNotAnError(boolean pipelining) {
        server.offers(pipelining ? SmtpFixtures.PIPELINED : SmtpFixtures.ONE_BY_ONE);
        for (Answer farewell : List.of(closes(), resets(), says("421 idle too long"))) {
            int before = server.connections();
            assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
            server.on("MAIL", farewell);

            assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
            assertThat(server.connections()).isEqualTo(Math.max(before, 1) + 1);
        }
        assertThat(server.mails()).hasSize(6);
    }

    @Test
    void aConnectionClosedWhileIdleIsNotAnError() throws InterruptedException {
        server.on(".", both(usual(), closes()), both(usual(), both(says("421 that was enough"), closes())));

        for (int i = 0; i < 3; i++) {
            assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
            if (i < 2) {
                assertThat(server.connection(i).awaitEnd()).isTrue();
            }
        }
        assertThat(server.connections()).isEqualTo(3);
        assertThat(server.mails()).hasSize(3);
    }

    @Test
    void anUnfinishedTransactionOnAClosedConnectionIsNotAnError() {
        server.on("RCPT", says("550 never")).on("RSET", closes());
        assertThat(words(send(sender, email()))).isEqualTo("REJECTED at RCPT 550");

        assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void aNewConnectionIsNotRetried() {
        assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
        server.on("MAIL", closes(), closes());

        assertThat(words(send(sender, email()))).isEqualTo("CONNECTION at MAIL");
        assertThat(server.connections()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"RCPT, CONNECTION at RCPT", "., UNKNOWN_OUTCOME at FINAL_DOT"})
    void aLossAfterTheFirstReplyIsAnError(String event, String expected) {
        assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
        server.on(event, closes());

        assertThat(words(send(sender, email()))).isEqualTo(expected);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void aTimeoutOnAKeptConnectionIsAnError() {
        try (SmtpSender impatient = SmtpFixtures.sender(at(server, SHORT), null)) {
            assertThat(words(send(impatient, email()))).isEqualTo("SENT 250");
            server.on("MAIL", ScriptedSmtpServer.hangs());

            assertThat(words(send(impatient, email()))).isEqualTo("TIMEOUT at MAIL");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"., 421", "., 354", "DATA, 250"})
    void anUnreliableConnectionIsNotUsedAgain(String event, String code) {
        server.on(event, says(code + " scripted"));
        send(sender, email());

        assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void aConnectionWithASurplusReplyIsNotUsedAgain() {
        server.on(".", says("250 taken", "250 taken twice"));

        assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
        assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void thereAreNeverMoreConnectionsThanAllowed() throws Exception {
        CountDownLatch allHere = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            server.on(".", session -> {
                allHere.countDown();
                await(allHere);
                usual().give(session);
            });
        }
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Outcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                outcomes.add(executor.submit(() -> send(sender, email())));
            }
            for (Future<Outcome> outcome : outcomes) {
                assertThat(words(outcome.get())).isEqualTo("SENT 250");
            }
        }
        assertThat(server.connections()).isEqualTo(4);
        assertThat(server.mails()).hasSize(40);
    }

    @Test
    void theConnectionUsedLastIsUsedNext() throws Exception {
        CountDownLatch bothHere = new CountDownLatch(2);
        Answer together = session -> {
            bothHere.countDown();
            await(bothHere);
            usual().give(session);
        };
        server.on(".", together, together);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            executor.submit(() -> send(sender, email()));
            executor.submit(() -> send(sender, email()));
        }
        for (int i = 0; i < 6; i++) {
            assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
        }

        List<Long> messages = new ArrayList<>();
        for (int i = 0; i < server.connections(); i++) {
            messages.add(server.connection(i).commands().stream()
                    .filter("DATA"::equals)
                    .count());
        }
        assertThat(messages).containsExactlyInAnyOrder(1L, 7L);
    }

    @Test
    void anAttemptWithoutAFreeConnectionIsCalledOffAndNotCounted() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        server.on(".", session -> {
            busy.countDown();
            await(release);
            usual().give(session);
        });
        SmtpServer one = new SmtpServer("127.0.0.1", server.port(), null, null, SmtpServer.Tls.OFF, LONG, 1);
        try (SmtpSender narrow = SmtpFixtures.sender(one, Duration.ofMillis(400));
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Outcome> first = executor.submit(() -> send(narrow, email()));
            await(busy);
            assertThat(send(narrow, email())).isInstanceOf(Outcome.CalledOff.class);
            release.countDown();
            assertThat(words(first.get())).isIn("SENT 250", "UNKNOWN_OUTCOME at FINAL_DOT");
        }
    }

    @Test
    void aConnectionThatIsIdleTooLongIsClosed() throws InterruptedException {
        try (SmtpSender restless =
                new SmtpSender(at(server, SHORT), null, null, Duration.ofMillis(50), SmtpFixtures.circuit())) {
            assertThat(words(send(restless, email()))).isEqualTo("SENT 250");
            assertThat(server.connection(0).awaitQuit()).isTrue();

            assertThat(words(send(restless, email()))).isEqualTo("SENT 250");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void nothingIsSentAfterClose() {
        assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
        sender.close();

        assertThat(words(send(sender, email()))).isEqualTo("CONNECTION at CONNECT");
        assertThat(server.connections()).isEqualTo(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
