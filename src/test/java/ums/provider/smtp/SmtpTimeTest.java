package ums.provider.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static ums.provider.smtp.ScriptedSmtpServer.dribbles;
import static ums.provider.smtp.ScriptedSmtpServer.hangs;
import static ums.provider.smtp.SmtpFixtures.LONG;
import static ums.provider.smtp.SmtpFixtures.SHORT;
import static ums.provider.smtp.SmtpFixtures.at;
import static ums.provider.smtp.SmtpFixtures.email;
import static ums.provider.smtp.SmtpFixtures.hugeEmail;
import static ums.provider.smtp.SmtpFixtures.send;
import static ums.provider.smtp.SmtpFixtures.words;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ums.channel.email.Email;

/** No behaviour of a server, and no missing reply, makes an attempt exceed its deadline. */
@Timeout(10)
class SmtpTimeTest {

    private static final Duration SLOW = Duration.ofMillis(50);

    private ScriptedSmtpServer server;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedSmtpServer.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT, TIMEOUT at GREETING",
        "MAIL, TIMEOUT at MAIL",
        "DATA, TIMEOUT at DATA",
        "., UNKNOWN_OUTCOME at FINAL_DOT"
    })
    void aReplyThatArrivesOctetByOctetTimesOut(String event, String expected) {
        server.on(event, dribbles("250-" + "so slow ".repeat(20), SLOW));

        assertThat(outcome(SHORT, null, email())).isEqualTo(expected);
    }

    @Test
    void theLinesOfAReplyHaveOneDeadlineTogether() {
        server.on("EHLO", session -> {
            for (int i = 0; i < 90; i++) {
                ScriptedSmtpServer.says("250-X-" + i).give(session);
                ScriptedSmtpServer.waits(SLOW).give(session);
            }
        });

        assertThat(outcome(SHORT, null, email())).startsWith("TIMEOUT at EHLO");
    }

    @Test
    void aSlowReplyInTimeIsAccepted() {
        server.on(".", dribbles("250 ok", Duration.ofMillis(5)));

        assertThat(outcome(LONG, null, email())).isEqualTo("SENT 250");
    }

    @Test
    void aWriteThatIsStuckIsCut() {
        server.on("BODY", hangs());

        assertThat(outcome(SHORT, null, hugeEmail())).isEqualTo("TIMEOUT at BODY");
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT, TIMEOUT at GREETING",
        "EHLO, TIMEOUT at EHLO",
        "MAIL, TIMEOUT at MAIL",
        "., UNKNOWN_OUTCOME at FINAL_DOT"
    })
    void aWholeAttemptHasADeadline(String event, String expected) {
        server.on(event, hangs());

        assertThat(outcome(LONG, Duration.ofMillis(300), email())).isEqualTo(expected);
    }

    @Test
    void manySlowStepsDoNotExceedTheAttemptsDeadline() {
        // Each reply comes in time, all together come too late.
        for (String event : List.of("CONNECT", "EHLO", "MAIL", "RCPT")) {
            server.on(event, dribbles("250 ok", Duration.ofMillis(30)));
        }

        assertThat(outcome(LONG, Duration.ofMillis(600), email())).startsWith("TIMEOUT at ");
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void anIdleConnectionHasNoDeadlineUntilTheNextMessage() throws Exception {
        try (SmtpSender sender = SmtpFixtures.sender(at(server, SHORT), Duration.ofMillis(300))) {
            assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
            // Another connection that times out shows that the time has passed.
            try (ScriptedSmtpServer silent = ScriptedSmtpServer.start().on("CONNECT", hangs());
                    SmtpSender waiting = SmtpFixtures.sender(at(silent, Duration.ofMillis(500)), null)) {
                assertThat(words(send(waiting, email()))).isEqualTo("TIMEOUT at GREETING");
            }
            assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void connectingHasADeadline() throws IOException {
        List<Socket> fillers = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assumeTrue(isFilled(full, fillers), "this system takes connections that nobody accepts");

            SmtpServer server = at("localhost", full.getLocalPort(), null, SmtpServer.Tls.OFF, SHORT);
            try (SmtpSender sender = SmtpFixtures.sender(server, null)) {
                assertThat(words(send(sender, email()))).isEqualTo("TIMEOUT at CONNECT");
            }
        } finally {
            for (Socket filler : fillers) {
                filler.close();
            }
        }
    }

    private static boolean isFilled(ServerSocket full, List<Socket> fillers) throws IOException {
        for (int i = 0; i < 10; i++) {
            Socket filler = new Socket();
            fillers.add(filler);
            try {
                filler.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()), 100);
            } catch (SocketTimeoutException _) {
                return true;
            }
        }
        return false;
    }

    private String outcome(Duration timeout, Duration attemptTimeout, Email email) {
        try (SmtpSender sender = SmtpFixtures.sender(at(server, timeout), attemptTimeout)) {
            return words(send(sender, email));
        }
    }
}
