package ums.provider.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static ums.provider.smtp.ScriptedSmtpServer.both;
import static ums.provider.smtp.ScriptedSmtpServer.closes;
import static ums.provider.smtp.ScriptedSmtpServer.says;
import static ums.provider.smtp.SmtpFixtures.LONG;
import static ums.provider.smtp.SmtpFixtures.email;
import static ums.provider.smtp.SmtpFixtures.sendAll;
import static ums.provider.smtp.SmtpFixtures.words;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ums.SettableClock;
import ums.provider.CircuitBreaker;
import ums.provider.CircuitChanged;
import ums.provider.Outcome;
import ums.provider.RecipientOutcome;
import ums.provider.Reply;

/** The replies by which a provider refuses the account, which only its preset can tell from a refused message. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
class SmtpPresetTest {

    private static final String UNVERIFIED =
            "554 Message rejected: Email address is not verified. The following identities"
                    + " failed the check in region EU-WEST-1: shop@example.org";

    @Parameter
    boolean pipelining;

    private final List<CircuitChanged> changes = new CopyOnWriteArrayList<>();
    private ScriptedSmtpServer server;

    @BeforeEach
    void start() throws IOException {
        List<String> offers = new ArrayList<>(List.of(pipelining ? SmtpFixtures.PIPELINED : SmtpFixtures.ONE_BY_ONE));
        offers.add("AUTH PLAIN");
        server = ScriptedSmtpServer.start().offers(offers.toArray(String[]::new));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SES | . | 554 Message rejected: Email address is not verified. | ACCOUNT at FINAL_DOT 554",
                "SES | MAIL | 454 Throttling failure: Daily message quota exceeded | ACCOUNT at MAIL 454",
                "SES | MAIL | 454 Throttling failure: Maximum sending rate exceeded | DEFERRED at MAIL 454",
                "SES | . | 554 Transaction failed: Missing final '@domain' | REJECTED at FINAL_DOT 554",
                "SES | . | 250 Ok Email address is not verified | SENT 250",
                "SES | . | 354 Email address is not verified | UNKNOWN_OUTCOME at FINAL_DOT",
                "POSTMARK | DATA | 550 Sender signature not confirmed. | ACCOUNT at DATA 550",
                "SENDGRID | . | 550 The from address does not match a verified Sender Identity. | ACCOUNT at FINAL_DOT 550",
                "SENDGRID | AUTH | 451 Authentication failed: Maximum credits exceeded | ACCOUNT at AUTH 451",
                "SENDGRID | AUTH | 535 Authentication failed: account disabled | AUTHENTICATION at AUTH 535",
                "MAILGUN | DATA | 421 Domain x.example is not allowed to send: Sandbox subdomains | ACCOUNT at DATA 421",
                "MAILGUN | MAIL | 421 Domain x.example is not allowed to send: disabled | ACCOUNT at MAIL 421",
                "MAILGUN | RCPT | 452 x.example is not allowed to send, too many recipients | ACCOUNT at RCPT 452",
                "MAILGUN | RCPT | 550 5.1.1 no such user | REJECTED at RCPT 550",
                "RESEND | MAIL | 550 The x.example domain is not verified. | ACCOUNT at MAIL 550",
                "RELAY | MAIL | 550 The x.example domain is not verified. | REJECTED at MAIL 550",
                "RELAY | . | 554 Message rejected: Email address is not verified. | REJECTED at FINAL_DOT 554",
            })
    void aReplyThatThePresetKnowsIsTheAccountsFault(SmtpPreset preset, String event, String reply, String expected) {
        server.on(event, reply.startsWith("421") ? both(says(reply), closes()) : says(reply));
        try (SmtpSender sender = sender(preset)) {
            assertThat(words(sendAll(sender, email()))).containsExactly(expected);
            assertThat(sender.availability().available()).isTrue();
        }
    }

    @Test
    void onAKeptConnectionNoOtherIsTriedForIt() {
        try (SmtpSender sender = sender(SmtpPreset.RESEND)) {
            sender.send(email());
            server.on("MAIL", says("550 The example.org domain is not verified."));

            assertThat(words(sendAll(sender, email()))).containsExactly("ACCOUNT at MAIL 550");
            assertThat(words(sendAll(sender, email()))).containsExactly("SENT 250");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    /** It comes at the end of the message, where the provider had begun to take it. */
    @Test
    void fiveInARowOpenTheCircuitAndAMessageThatIsTakenBeginsAnew() {
        try (SmtpSender sender = sender(SmtpPreset.SES)) {
            refuse(4);
            send(sender, 5);
            refuse(4);
            send(sender, 4);
            assertThat(sender.availability().available()).isTrue();

            refuse(1);
            send(sender, 1);
            assertThat(sender.availability().available()).isFalse();
            assertThat(sender.availability().reason())
                    .startsWith("FINAL_DOT: 554 Message rejected")
                    .doesNotContain("shop@");
        }
        assertThat(changes).hasSize(1);
    }

    /** A probe cannot find out whether the account is still refused: the circuit must not flap. */
    @Test
    void afterAProbeThePausesGrowUntilAMessageIsTaken() {
        CircuitBreaker circuit = new CircuitBreaker("a", "scripted", new SettableClock(), changes::add);
        refuse(circuit);
        assertThat(circuit.nextPause()).isEqualTo(Duration.ofSeconds(1));
        circuit.close();
        refuse(circuit);
        assertThat(circuit.nextPause()).isEqualTo(Duration.ofSeconds(2));

        circuit.close();
        circuit.succeeded();
        circuit.sent();
        refuse(circuit);
        assertThat(circuit.nextPause()).isEqualTo(Duration.ofSeconds(1));
    }

    private static void refuse(CircuitBreaker circuit) {
        for (int i = 0; i < CircuitBreaker.ERRORS_TO_OPEN; i++) {
            circuit.succeeded();
            circuit.failed(circuit.generation(), new Outcome.AccountRefused("FINAL_DOT", new Reply(554, "no")));
        }
        assertThat(circuit.availability().available()).isFalse();
    }

    private void refuse(int times) {
        server.on(".", Collections.nCopies(times, says(UNVERIFIED)).toArray(ScriptedSmtpServer.Answer[]::new));
    }

    private static void send(SmtpSender sender, int times) {
        for (int i = 0; i < times; i++) {
            List<RecipientOutcome> outcomes = sender.send(email());
            assertThat(outcomes).hasSize(1);
        }
    }

    private SmtpSender sender(SmtpPreset preset) {
        CircuitBreaker circuit = new CircuitBreaker("a", "scripted", new SettableClock(), changes::add);
        SmtpServer settings =
                new SmtpServer("127.0.0.1", server.port(), "shop", "s3cret", SmtpServer.Tls.OFF, LONG, 4, 100, preset);
        return new SmtpSender(settings, null, null, SmtpConnections.MAX_IDLE_TIME, circuit);
    }
}
