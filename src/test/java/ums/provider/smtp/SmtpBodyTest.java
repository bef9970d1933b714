package ums.provider.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static ums.provider.smtp.SmtpFixtures.email;
import static ums.provider.smtp.SmtpFixtures.send;
import static ums.provider.smtp.SmtpFixtures.senderTo;
import static ums.provider.smtp.SmtpFixtures.words;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every body arrives unchanged (RFC 5321 section 4.5.2). */
class SmtpBodyTest {

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".\r\n",
                "..\r\n",
                "...\r\n.\r\n..\r\n",
                "\r\n.\r\n",
                "Subject: x\r\n\r\n.\r\n",
                "Subject: x\r\n\r\n.hidden\r\n.\r\nMAIL FROM:<evil@example.com>\r\n",
                "a.\r\n.b\r\n",
                "\r\n",
                "\r\n\r\n\r\n",
                ""
            })
    void dotsAreUnchanged(String body) {
        arrives(body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aBodyWithoutAFinalLineBreakGetsOne() {
        assertThat(words(send(sender, email("Subject: x\r\n\r\nend".getBytes(StandardCharsets.UTF_8)))))
                .isEqualTo("SENT 250");

        assertThat(server.mails().getFirst().text()).isEqualTo("Subject: x\r\n\r\nend\r\n");
    }

    /** Servers disagree on what a lone CR or LF is; none of them may see an end of data in it. */
    @ParameterizedTest
    @ValueSource(strings = {"x\n.\n", "x\n.\r\n", "x\r.\r", "x\r\n.\n", "x\r\n.\r", "x\r.\r\n"})
    void noBodyHoldsAnEndOfDataForAnyServer(String body) {
        assertThat(words(send(sender, email((body + "y\r\n").getBytes(StandardCharsets.UTF_8)))))
                .isEqualTo("SENT 250");

        String wire = new String(server.connection(0).received(), StandardCharsets.UTF_8);
        assertThat(wire).endsWith("y\r\n.\r\n");
        assertThat(wire.substring(wire.indexOf("DATA\r\n"), wire.length() - 3))
                .doesNotContainPattern("[\r\n]\\.[\r\n]");
    }

    /** Dots, line ends and the final dot at every offset around the size at which a write ends. */
    @Test
    void dotsAreUnchangedAtEveryOffsetOfAWrite() {
        byte[] pattern = "\r\n.\r\n..\r\nab\r\n".getBytes(StandardCharsets.UTF_8);
        for (int shift = -20; shift <= 20; shift++) {
            byte[] body = new byte[SmtpWire.CHUNK + shift + pattern.length];
            Arrays.fill(body, (byte) 'x');
            System.arraycopy(pattern, 0, body, SmtpWire.CHUNK + shift, pattern.length);
            arrives(body);
            // The same with the body's end there.
            body = Arrays.copyOf(body, SmtpWire.CHUNK + shift);
            body[body.length - 2] = '\r';
            body[body.length - 1] = '\n';
            arrives(body);
        }
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void randomBodiesAreUnchanged() {
        Random random = new Random(20_261_122);
        String[] pieces = {".", "\r\n", "\r\n.", "\r\n.\r\n", "x", "\u00e9", "y".repeat(900)};
        for (int i = 0; i < 60; i++) {
            StringBuilder body = new StringBuilder("Subject: x\r\n");
            int size = random.nextInt(4) * 50_000;
            do {
                body.append(pieces[random.nextInt(pieces.length)]);
            } while (body.length() < size);
            arrives(body.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private void arrives(byte[] body) {
        int before = server.mails().size();

        assertThat(words(send(sender, email(body)))).isEqualTo("SENT 250");

        assertThat(server.mails()).hasSize(before + 1);
        assertThat(server.mails().getLast().bytes()).isEqualTo(body);
    }
}
