package ums.provider.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static ums.provider.smtp.ScriptedSmtpServer.hangs;
import static ums.provider.smtp.ScriptedSmtpServer.says;
import static ums.provider.smtp.ScriptedSmtpServer.usual;
import static ums.provider.smtp.SmtpFixtures.LONG;
import static ums.provider.smtp.SmtpFixtures.SHORT;
import static ums.provider.smtp.SmtpFixtures.at;
import static ums.provider.smtp.SmtpFixtures.email;
import static ums.provider.smtp.SmtpFixtures.send;
import static ums.provider.smtp.SmtpFixtures.sendAll;
import static ums.provider.smtp.SmtpFixtures.senderTo;
import static ums.provider.smtp.SmtpFixtures.words;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ums.channel.email.Email;
import ums.provider.Outcome;

/** A process that lost its claim on a message checks that before the final dot, and does not write it. */
@Timeout(10)
@ParameterizedClass
@ValueSource(booleans = {true, false})
class SmtpFinalDotTest {

    @Parameter
    boolean pipelining;

    private final AtomicInteger asked = new AtomicInteger();
    private ScriptedSmtpServer server;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedSmtpServer.start().offers(pipelining ? SmtpFixtures.PIPELINED : SmtpFixtures.ONE_BY_ONE);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void aCalledOffMessageIsNotFinishedAndItsConnectionCloses() throws InterruptedException {
        try (SmtpSender sender = senderTo(server)) {
            assertThat(send(sender, gated(email(), () -> false))).isInstanceOf(Outcome.CalledOff.class);
            assertThat(server.connection(0).awaitEnd()).isTrue();

            assertThat(wire()).doesNotContain("\r\n.\r\n");
            assertThat(server.mails()).isEmpty();
            assertThat(asked).hasValue(1);
            assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void aFailedCheckCallsTheMessageOff() throws InterruptedException {
        try (SmtpSender sender = senderTo(server)) {
            Outcome outcome = send(sender, gated(email(), () -> {
                throw new IllegalStateException("the database is away");
            }));

            assertThat(outcome).isInstanceOf(Outcome.CalledOff.class);
            assertThat(outcome.description()).contains("IllegalStateException").doesNotContain("database");
            assertThat(server.connection(0).awaitEnd()).isTrue();
            assertThat(server.mails()).isEmpty();
        }
    }

    @Test
    void recipientsRefusedBeforeStayRefused() {
        server.on("RCPT", usual(), says("550 nobody here"), says("451 later"));

        try (SmtpSender sender = senderTo(server)) {
            List<Outcome> outcomes =
                    sendAll(sender, gated(email("a@example.com", "b@example.com", "c@example.com"), () -> false));

            assertThat(words(outcomes)).containsExactly("CONNECTION", "REJECTED at RCPT 550", "DEFERRED at RCPT 451");
            assertThat(outcomes.getFirst()).isInstanceOf(Outcome.CalledOff.class);
        }
    }

    /** A body around the size of a write, so that the dot falls into the same one, into the next, or stands alone. */
    @ParameterizedTest
    @ValueSource(ints = {-3, -1, 0, 1, 2 * SmtpWire.CHUNK})
    void theCheckRunsOnceAndBeforeTheLastWrite(int more) throws InterruptedException {
        byte[] body = ("x".repeat(SmtpWire.CHUNK + more - 2) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (SmtpSender sender = senderTo(server)) {
            assertThat(words(send(sender, gated(email(body), () -> true)))).isEqualTo("SENT 250");
            assertThat(asked).hasValue(1);

            assertThat(send(sender, gated(email(body), () -> false))).isInstanceOf(Outcome.CalledOff.class);
            assertThat(asked).hasValue(2);
            assertThat(server.connection(0).awaitEnd()).isTrue();
            assertThat(server.mails()).hasSize(1);
        }
    }

    @Test
    void theCheckDoesNotRunWhereNoRecipientWasTaken() {
        server.on("RCPT", says("550 nobody here")).on("DATA", ScriptedSmtpServer.Session::takeBody);

        try (SmtpSender sender = senderTo(server)) {
            assertThat(words(send(sender, gated(email(), () -> false)))).isEqualTo("REJECTED at RCPT 550");
        }
        assertThat(asked).hasValue(0);
    }

    @Test
    void theCheckRunsOnceAlthoughAKeptConnectionWasClosed() {
        try (SmtpSender sender = senderTo(server)) {
            assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
            server.on("MAIL", says("421 idle too long"));

            assertThat(words(send(sender, gated(email(), () -> true)))).isEqualTo("SENT 250");
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void theTimeOfTheCheckIsNotCountedAgainstTheServer() {
        try (SmtpSender sender = SmtpFixtures.sender(at(server, SHORT), null)) {
            assertThat(words(send(sender, gated(email(), this::slowly)))).isEqualTo("SENT 250");
        }
    }

    @Test
    void aCheckThatEndsAfterTheAttemptsDeadlineIsTooLate() throws InterruptedException {
        try (SmtpSender sender = SmtpFixtures.sender(at(server, LONG), Duration.ofMillis(300))) {
            assertThat(words(send(sender, gated(email(), this::slowly)))).isEqualTo("TIMEOUT at BODY");
            assertThat(server.connection(0).awaitEnd()).isTrue();
        }
        assertThat(server.mails()).isEmpty();
    }

    /** True after half a second: the time it takes another connection to time out. */
    private boolean slowly() {
        try (ScriptedSmtpServer silent = ScriptedSmtpServer.start().on("CONNECT", hangs());
                SmtpSender waiting = SmtpFixtures.sender(at(silent, Duration.ofMillis(500)), null)) {
            return words(send(waiting, email())).equals("TIMEOUT at GREETING");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Email gated(Email email, BooleanSupplier answer) {
        return new Email(
                email.sender(),
                email.recipients(),
                email.bytes(),
                () -> {
                    asked.incrementAndGet();
                    return answer.getAsBoolean();
                },
                email.eightBit(),
                email.internationalized());
    }

    private String wire() {
        return new String(server.connection(0).received(), StandardCharsets.UTF_8);
    }
}
