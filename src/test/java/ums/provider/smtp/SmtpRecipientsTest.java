package ums.provider.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static ums.provider.smtp.ScriptedSmtpServer.closes;
import static ums.provider.smtp.ScriptedSmtpServer.hangs;
import static ums.provider.smtp.ScriptedSmtpServer.says;
import static ums.provider.smtp.ScriptedSmtpServer.usual;
import static ums.provider.smtp.SmtpFixtures.SHORT;
import static ums.provider.smtp.SmtpFixtures.at;
import static ums.provider.smtp.SmtpFixtures.email;
import static ums.provider.smtp.SmtpFixtures.sendAll;
import static ums.provider.smtp.SmtpFixtures.senderTo;
import static ums.provider.smtp.SmtpFixtures.words;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ums.channel.email.Email;
import ums.provider.smtp.ScriptedSmtpServer.Session;

/** Several recipients in one e-mail, and transactions that are not completed. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
class SmtpRecipientsTest {

    private static final Email TO_THREE = email("ann@example.com", "bob@example.com", "cho@example.com");

    @Parameter
    boolean pipelining;

    private ScriptedSmtpServer server;
    private SmtpSender sender;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedSmtpServer.start().offers(pipelining ? SmtpFixtures.PIPELINED : SmtpFixtures.ONE_BY_ONE);
        sender = senderTo(server);
    }

    @AfterEach
    void stop() throws IOException {
        sender.close();
        server.close();
    }

    @Test
    void eachRecipientGetsItsOwnOutcome() {
        server.on("RCPT", says("450 later"), usual(), says("550 never"));

        assertThat(words(sendAll(sender, TO_THREE)))
                .containsExactly("DEFERRED at RCPT 450", "SENT 250", "REJECTED at RCPT 550");
        assertThat(server.mails().getFirst().rcpts()).containsExactly("RCPT TO:<bob@example.com>");
    }

    @ParameterizedTest
    @CsvSource({
        "DATA, 451, DEFERRED at DATA 451",
        "., 554, REJECTED at FINAL_DOT 554",
        "., 421, CONNECTION at FINAL_DOT 421",
        "DATA, 421, CONNECTION at DATA 421"
    })
    void aLaterReplyAppliesToAcceptedRecipients(String event, String code, String expected) {
        server.on("RCPT", says("450 later"), usual(), says("550 never")).on(event, says(code + " scripted"));

        assertThat(words(sendAll(sender, TO_THREE)))
                .containsExactly("DEFERRED at RCPT 450", expected, "REJECTED at RCPT 550");
    }

    @ParameterizedTest
    @CsvSource({"DATA, CONNECTION at DATA", "., UNKNOWN_OUTCOME at FINAL_DOT"})
    void aLossAppliesToAcceptedRecipients(String event, String expected) {
        server.on("RCPT", says("450 later"), usual(), says("550 never")).on(event, closes());

        assertThat(words(sendAll(sender, TO_THREE)))
                .containsExactly("DEFERRED at RCPT 450", expected, "REJECTED at RCPT 550");
    }

    @ParameterizedTest
    @CsvSource({"DATA, TIMEOUT at DATA", "., UNKNOWN_OUTCOME at FINAL_DOT"})
    void aTimeoutAppliesToAcceptedRecipients(String event, String expected) {
        server.on("RCPT", says("450 later"), usual(), says("550 never")).on(event, hangs());

        try (SmtpSender impatient = SmtpFixtures.sender(at(server, SHORT), null)) {
            assertThat(words(sendAll(impatient, TO_THREE)))
                    .containsExactly("DEFERRED at RCPT 450", expected, "REJECTED at RCPT 550");
        }
    }

    @Test
    void a421AppliesToRecipientsNotRefusedBefore() {
        server.on("RCPT", says("550 never"), usual(), says("421 going down"));

        assertThat(words(sendAll(sender, TO_THREE)))
                .containsExactly("REJECTED at RCPT 550", "CONNECTION at RCPT 421", "CONNECTION at RCPT 421");
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void aRefusedSenderAppliesToAllRecipients() {
        server.on("MAIL", says("550 not you"));

        assertThat(words(sendAll(sender, TO_THREE))).containsOnly("REJECTED at MAIL 550");
        assertThat(server.mails()).isEmpty();
        theNextGoesOverTheSameConnection();
    }

    @Test
    void noBodyIsSentWhereAllRecipientsAreRefused() {
        server.on("RCPT", says("550 never"), says("550 never"), says("450 later"));

        assertThat(words(sendAll(sender, TO_THREE)))
                .containsExactly("REJECTED at RCPT 550", "REJECTED at RCPT 550", "DEFERRED at RCPT 450");
        assertThat(server.mails()).isEmpty();
        if (!pipelining) {
            assertThat(server.connection(0).commands()).doesNotContain("DATA");
        }
        theNextGoesOverTheSameConnection();
    }

    /** RFC 2920 section 3.1: some servers reply 354 although they refused all recipients. */
    @Test
    void a354WithoutRecipientsIsAnsweredWithTheDotAlone() {
        server.on("RCPT", says("550 never"), says("550 never"), says("550 never"))
                .on("DATA", Session::takeBody)
                .on(".", says("554 nobody to give it to"));

        assertThat(words(sendAll(sender, TO_THREE))).containsOnly("REJECTED at RCPT 550");
        if (pipelining) {
            assertThat(server.mails()).singleElement().satisfies(mail -> {
                assertThat(mail.rcpts()).isEmpty();
                assertThat(mail.bytes()).isEmpty();
            });
        } else {
            server.on("DATA", usual());
            assertThat(server.mails()).isEmpty();
        }
    }

    @Test
    void a354AfterARefusedSenderIsAnsweredWithTheDotAlone() {
        server.on("MAIL", says("550 not you")).on("DATA", Session::takeBody).on(".", says("250 well"));

        assertThat(words(sendAll(sender, TO_THREE))).containsOnly("REJECTED at MAIL 550");
        if (pipelining) {
            assertThat(server.mails())
                    .singleElement()
                    .satisfies(mail -> assertThat(mail.bytes()).isEmpty());
        }
    }

    /** A dot would send an empty message to the recipients that such a server accepted. */
    @Test
    void a354ForRecipientsWithoutASenderClosesTheConnection() throws InterruptedException {
        server.on("MAIL", says("550 not you"))
                .on("RCPT", says("250 ok"), says("250 ok"), says("250 ok"))
                .on("DATA", Session::takeBody);

        assertThat(words(sendAll(sender, TO_THREE))).containsOnly("REJECTED at MAIL 550");
        if (pipelining) {
            assertThat(server.connection(0).awaitEnd()).isTrue();
        }
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void anUnfinishedTransactionIsResetBeforeTheNext() {
        server.on("DATA", says("451 later"));
        assertThat(words(sendAll(sender, email("ann@example.com")))).containsExactly("DEFERRED at DATA 451");

        theNextGoesOverTheSameConnection();
        assertThat(server.mails().getFirst().rcpts()).containsExactly("RCPT TO:<next@example.com>");
    }

    @Test
    void aRefusedRsetOpensANewConnection() {
        server.on("DATA", says("451 later")).on("RSET", says("500 what?"));
        assertThat(words(sendAll(sender, email("ann@example.com")))).containsExactly("DEFERRED at DATA 451");

        assertThat(words(sendAll(sender, email("next@example.com")))).containsExactly("SENT 250");
        assertThat(server.connections()).isEqualTo(2);
        assertThat(server.mails())
                .singleElement()
                .satisfies(mail -> assertThat(mail.rcpts()).containsExactly("RCPT TO:<next@example.com>"));
    }

    @Test
    void commandsGoInOneWriteOnlyWherePipeliningIsOffered() {
        String[] many = new String[100];
        for (int i = 0; i < many.length; i++) {
            many[i] = "someone-with-a-rather-long-name-" + i + "@example.com";
        }

        assertThat(words(sendAll(sender, email(many)))).isEqualTo(Collections.nCopies(100, "SENT 250"));
        assertThat(server.mails().getFirst().rcpts()).hasSize(100);
        List<String> commands = server.connection(0).commands();
        assertThat(commands).hasSize(103);
        assertThat(commands.getLast()).isEqualTo("DATA");
        assertThat(new String(server.connection(0).received(), StandardCharsets.UTF_8))
                .endsWith("DATA\r\nSubject: hello\r\n\r\nHello.\r\n.\r\n");
    }

    private void theNextGoesOverTheSameConnection() {
        assertThat(words(sendAll(sender, email("next@example.com")))).containsExactly("SENT 250");
        assertThat(server.connections()).isEqualTo(1);
        assertThat(server.connection(0).commands()).contains("RSET");
    }
}
