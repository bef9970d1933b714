package ums.provider.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static ums.provider.smtp.ScriptedSmtpServer.both;
import static ums.provider.smtp.ScriptedSmtpServer.closes;
import static ums.provider.smtp.ScriptedSmtpServer.hangs;
import static ums.provider.smtp.ScriptedSmtpServer.reads;
import static ums.provider.smtp.ScriptedSmtpServer.resets;
import static ums.provider.smtp.ScriptedSmtpServer.says;
import static ums.provider.smtp.SmtpFixtures.SHORT;
import static ums.provider.smtp.SmtpFixtures.at;
import static ums.provider.smtp.SmtpFixtures.email;
import static ums.provider.smtp.SmtpFixtures.hugeEmail;
import static ums.provider.smtp.SmtpFixtures.send;
import static ums.provider.smtp.SmtpFixtures.senderTo;
import static ums.provider.smtp.SmtpFixtures.words;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ums.channel.Recipient;
import ums.channel.email.Email;
import ums.provider.Outcome;
import ums.provider.Reply;

/** The table "What follows an attempt", row by row, with PIPELINING and without. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
class SmtpOutcomesTest {

    @Parameter
    boolean pipelining;

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
    void aPositiveReplyAfterTheFinalDotIsSent() {
        assertThat(outcome()).isEqualTo(new Outcome.Sent(new Reply(250, "2.0.0 taken")));

        assertThat(server.mails()).singleElement().satisfies(mail -> {
            assertThat(mail.mail()).isEqualTo("MAIL FROM:<shop@example.org> SIZE=26");
            assertThat(mail.rcpts()).containsExactly("RCPT TO:<kim@example.com>");
            assertThat(mail.text()).isEqualTo("Subject: hello\r\n\r\nHello.\r\n");
        });
        assertThat(server.connection(0).bodyCameEarly()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL, 451, DEFERRED at MAIL 451",
        "RCPT, 450, DEFERRED at RCPT 450",
        "DATA, 452, DEFERRED at DATA 452",
        "., 451, DEFERRED at FINAL_DOT 451",
        "MAIL, 454, DEFERRED at MAIL 454",
        "MAIL, 550, REJECTED at MAIL 550",
        "RCPT, 551, REJECTED at RCPT 551",
        "DATA, 554, REJECTED at DATA 554",
        "., 552, REJECTED at FINAL_DOT 552",
        "CONNECT, 421, CONNECTION at GREETING 421",
        "EHLO, 421, CONNECTION at EHLO 421",
        "MAIL, 421, CONNECTION at MAIL 421",
        "RCPT, 421, CONNECTION at RCPT 421",
        "DATA, 421, CONNECTION at DATA 421",
        "., 421, CONNECTION at FINAL_DOT 421",
        "CONNECT, 554, CONNECTION at GREETING 554",
        "CONNECT, 450, CONNECTION at GREETING 450",
        "EHLO, 550, CONNECTION at EHLO 550",
        "EHLO, 451, CONNECTION at EHLO 451",
        "CONNECT, 530, AUTHENTICATION at GREETING 530",
        "EHLO, 538, AUTHENTICATION at EHLO 538",
        "MAIL, 530, AUTHENTICATION at MAIL 530",
        "RCPT, 535, AUTHENTICATION at RCPT 535",
        "DATA, 534, AUTHENTICATION at DATA 534",
        "., 530, AUTHENTICATION at FINAL_DOT 530",
        // Readable, but not allowed there: client and server are out of sync.
        "CONNECT, 354, CONNECTION at GREETING",
        "MAIL, 354, CONNECTION at MAIL",
        "RCPT, 334, CONNECTION at RCPT",
        "DATA, 250, CONNECTION at DATA",
        "., 354, UNKNOWN_OUTCOME at FINAL_DOT",
    })
    void thePhaseDecidesTheOutcomeOfAReply(String event, String code, String expected) {
        server.on(event, says(code + " scripted"));

        assertThat(words(outcome())).isEqualTo(expected);
        assertThat(server.mails()).hasSize(event.equals(".") ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT, CONNECTION at GREETING",
        "EHLO, CONNECTION at EHLO",
        "MAIL, CONNECTION at MAIL",
        "RCPT, CONNECTION at RCPT",
        "DATA, CONNECTION at DATA",
        "., UNKNOWN_OUTCOME at FINAL_DOT"
    })
    void thePhaseDecidesTheOutcomeWithoutAReadableReply(String event, String expected) {
        assertThat(words(outcomeAfter(event, closes()))).as("closed").isEqualTo(expected);
        if (!event.equals("CONNECT")) {
            // A reset that quick may come before the connection counts as made.
            assertThat(words(outcomeAfter(event, resets()))).as("reset").isEqualTo(expected);
        }
        for (String garbage : List.of("what?", "25", "2500 ok", "150 no such class", "601 nor such", "250_ok", "")) {
            assertThat(words(outcomeAfter(event, says(garbage)))).as(garbage).isEqualTo(expected);
        }
        assertThat(words(outcomeAfter(event, says("250-" + "x".repeat(4100), "250 ok"))))
                .as("long line")
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT, TIMEOUT at GREETING",
        "EHLO, TIMEOUT at EHLO",
        "MAIL, TIMEOUT at MAIL",
        "RCPT, TIMEOUT at RCPT",
        "DATA, TIMEOUT at DATA",
        "., UNKNOWN_OUTCOME at FINAL_DOT"
    })
    void thePhaseDecidesTheOutcomeOfATimeout(String event, String expected) {
        server.on(event, hangs());

        try (SmtpSender sender = SmtpFixtures.sender(at(server, SHORT), null)) {
            assertThat(words(send(sender, email()))).isEqualTo(expected);
        }
    }

    @Test
    void aRefusedConnectionIsAConnectionError() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        SmtpServer nobody = at("127.0.0.1", free, null, SmtpServer.Tls.AUTO, Duration.ofSeconds(2));
        try (SmtpSender sender = SmtpFixtures.sender(nobody, null)) {
            assertThat(words(send(sender, email()))).isEqualTo("CONNECTION at CONNECT");
        }
    }

    @Test
    void aLossInALargeBodyIsBeforeTheFinalDot() {
        server.on("BODY", both(reads(1), resets()));

        try (SmtpSender sender = senderTo(server)) {
            assertThat(words(send(sender, hugeEmail()))).isEqualTo("CONNECTION at BODY");
        }
    }

    @Test
    void aReplyBeforeALossInALargeBodyCounts() {
        server.on("BODY", both(reads(1), both(says("552 too much"), closes())));

        try (SmtpSender sender = senderTo(server)) {
            assertThat(words(send(sender, hugeEmail()))).isEqualTo("REJECTED at BODY 552");
        }
    }

    @Test
    void aSmallBodyIsOneWriteAndItsLossIsUnknown() {
        server.on("BODY", both(reads(1), resets()));

        assertThat(words(outcome())).isEqualTo("UNKNOWN_OUTCOME at FINAL_DOT");
    }

    @Test
    void moreRepliesThanCommandsAreNotTakenForTheAnswerToTheBody() {
        server.on("DATA", says("354 go on", "250 taken"));

        assertThat(words(outcome())).isEqualTo("CONNECTION at BODY");
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void extensionsMayBeSeparatedByTabs() {
        server.offers("SIZE\t50000000", "AUTH\tPLAIN");

        SmtpServer withPassword = at("127.0.0.1", server.port(), "secret", SmtpServer.Tls.AUTO, SmtpFixtures.LONG);
        try (SmtpSender sender = SmtpFixtures.sender(withPassword, null)) {
            assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
        }
        assertThat(server.mails().getFirst().mail()).endsWith(" SIZE=26");
    }

    @ParameterizedTest
    @ValueSource(strings = {"500", "502"})
    void anOldServerIsGreetedWithHelo(String code) {
        server.on("EHLO", says(code + " what?"));

        assertThat(words(outcome())).isEqualTo("SENT 250");
        assertThat(server.connection(0).commands().get(1)).startsWith("HELO ");
        assertThat(server.mails().getFirst().mail()).isEqualTo("MAIL FROM:<shop@example.org>");
    }

    @Test
    void aRefusedHeloIsAConnectionError() {
        server.on("EHLO", says("502 what?")).on("HELO", says("501 no"));

        assertThat(words(outcome())).isEqualTo("CONNECTION at EHLO 501");
    }

    @Test
    void aMissingExtensionIsInvalidAndNothingIsSent() {
        byte[] body = "Subject: h\u00e9\r\n\r\nh\u00e9\r\n".getBytes(StandardCharsets.UTF_8);
        List<Recipient> kim = email().recipients();
        server.offers(pipelining ? new String[] {"PIPELINING", "SIZE 30"} : new String[] {"SIZE 30"});

        try (SmtpSender sender = senderTo(server)) {
            assertThat(send(sender, new Email("a@b.example", kim, body, () -> true, true, false))
                            .description())
                    .contains("8BITMIME");
            assertThat(send(sender, new Email("a@b.example", kim, body, () -> true, false, true))
                            .description())
                    .contains("SMTPUTF8");
            assertThat(words(send(sender, email(new byte[31])))).isEqualTo("INVALID");
            assertThat(server.connection(0).commands())
                    .singleElement()
                    .asString()
                    .startsWith("EHLO ");

            assertThat(words(send(sender, email(("x".repeat(28) + "\r\n").getBytes(StandardCharsets.UTF_8)))))
                    .isEqualTo("SENT 250");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void parametersAreSentWhereTheyAreNeeded() {
        byte[] body = "Subject: h\u00e9\r\n\r\nh\u00e9\r\n".getBytes(StandardCharsets.UTF_8);
        List<Recipient> kim = List.of(new Recipient("\uae40@example.com", Recipient.Kind.TO));

        try (SmtpSender sender = senderTo(server)) {
            assertThat(words(send(sender, new Email("a@b.example", kim, body, () -> true, true, true))))
                    .isEqualTo("SENT 250");
        }
        assertThat(server.mails().getFirst().mail())
                .isEqualTo("MAIL FROM:<a@b.example> SIZE=" + body.length + " BODY=8BITMIME SMTPUTF8");
        assertThat(new String(server.connection(0).received(), StandardCharsets.UTF_8))
                .contains("RCPT TO:<\uae40@example.com>\r\n");
        assertThat(server.mails().getFirst().bytes()).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@b.example>\r\nRCPT TO:<c@d.example", "a\u0000@b.example", "\uae40@b.example"})
    void noAddressBecomesACommand(String address) {
        try (SmtpSender sender = senderTo(server)) {
            assertThat(words(send(sender, email(address)))).isEqualTo("INVALID");
        }
        assertThat(server.connections()).isZero();
    }

    private Outcome outcome() {
        try (SmtpSender sender = senderTo(server)) {
            return send(sender, email());
        }
    }

    private Outcome outcomeAfter(String event, ScriptedSmtpServer.Answer answer) {
        server.on(event, answer);
        return outcome();
    }
}
