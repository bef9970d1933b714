package ums.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InboxServerTest {

    private static final byte[] MAIL = """
            Message-ID: <42@shop.example>
            From: =?UTF-8?B?7IOB7KCQ?= <no-reply@shop.example>
            To: kim@example.com
            Subject: =?UTF-8?B?7KO866y47J20IOygkeyImOuQmOyXiOyKteuLiOuLpA==?=
            MIME-Version: 1.0
            Content-Type: multipart/alternative; boundary="b"

            --b
            Content-Type: text/plain; charset=UTF-8
            Content-Transfer-Encoding: 8bit

            고맙습니다.
            --b
            Content-Type: text/html; charset=UTF-8
            Content-Transfer-Encoding: quoted-printable

            <p>=EA=B3=A0=EB=A7=99=EC=8A=B5=EB=8B=88=EB=8B=A4.</p>
            --b--
            """.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path home;

    private Inbox inbox;
    private InboxServer server;

    @BeforeEach
    void start() {
        inbox = open();
        server = new InboxServer(inbox, 0);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aKoreanMailIsListedDecoded() throws IOException {
        try (SmtpDialogue client = new SmtpDialogue(server.port())) {
            assertThat(client.mail("no-reply@shop.example", MAIL, "kim@example.com"))
                    .startsWith("250 ");
        }

        InboxMail mail = inbox.list(10, null).getFirst();
        assertThat(mail.from()).isEqualTo("no-reply@shop.example");
        assertThat(mail.subject()).isEqualTo("주문이 접수되었습니다");
        assertThat(mail.text()).isEqualTo("고맙습니다.");
        assertThat(mail.html()).isEqualTo("<p>고맙습니다.</p>");
        assertThat(mail.headers())
                .containsEntry("Message-ID", "<42@shop.example>")
                .containsEntry("From", "상점 <no-reply@shop.example>");
    }

    @Test
    void aMailIsStoredByteForByte() throws IOException {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        raw.writeBytes("Subject: dots and more\r\n\r\n.\r\n..\r\n.hidden\r\nspaces \t \r\n"
                .getBytes(StandardCharsets.US_ASCII));
        for (int octet = 0; octet < 256; octet++) {
            if (octet != '\r' && octet != '\n') {
                raw.write(octet);
            }
        }
        raw.writeBytes("\r\n\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        try (SmtpDialogue client = new SmtpDialogue(server.port())) {
            client.mail("shop@example.com", raw.toByteArray(), "kim@example.com");
        }

        assertThat(inbox.raw(1).orElseThrow()).isEqualTo(raw.toByteArray());
    }

    @Test
    void aBlindCopyShowsInTheEnvelopeAndNotInTheHeader() throws IOException {
        try (SmtpDialogue client = new SmtpDialogue(server.port())) {
            client.mail("shop@example.com", MAIL, "kim@example.com", "auditor@example.com");
        }

        List<InboxMail> mails = inbox.list(10, null);
        assertThat(mails).hasSize(1);
        assertThat(mails.getFirst().to()).containsExactly("kim@example.com", "auditor@example.com");
        assertThat(mails.getFirst().headers().toString())
                .contains("kim@example.com")
                .doesNotContain("auditor");
    }

    @Test
    void addressesOfTheEnvelopeMayHoldUtf8() throws IOException {
        try (SmtpDialogue client = new SmtpDialogue(server.port())) {
            client.say("MAIL FROM:<상점@예시.한국> BODY=8BITMIME SMTPUTF8 SIZE=10\r\n");
            client.say("RCPT TO:<김😀@예시.한국>\r\n");
            client.say("DATA\r\n");
            assertThat(client.say("Subject: x\r\n\r\n.\r\n")).startsWith("250 ");
        }

        InboxMail mail = inbox.list(1, null).getFirst();
        assertThat(mail.from()).isEqualTo("상점@예시.한국");
        assertThat(mail.to()).containsExactly("김😀@예시.한국");
    }

    @Test
    void aNullReversePathIsAcceptedAndAnEmptyRecipientIsNot() throws IOException {
        try (SmtpDialogue client = new SmtpDialogue(server.port())) {
            assertThat(client.say("MAIL FROM:<>\r\n")).startsWith("250 ");
            assertThat(client.say("RCPT TO:<>\r\n")).startsWith("501 ");
            assertThat(client.say("RCPT TO:<kim@example.com>\r\n")).startsWith("250 ");
            client.say("DATA\r\n");
            client.say("Subject: bounce\r\n\r\n.\r\n");
        }

        InboxMail mail = inbox.list(1, null).getFirst();
        assertThat(mail.from()).isEmpty();
        assertThat(mail.to()).containsExactly("kim@example.com");
    }

    @Test
    void unusualAddressesAreAccepted() throws IOException {
        try (SmtpDialogue client = new SmtpDialogue(server.port())) {
            assertThat(client.mail("two..dots@example.com", MAIL, ".dot.@example.com"))
                    .startsWith("250 ");
        }
    }

    @Test
    void itOffersTheExtensionsThatClientsUse() throws IOException {
        try (SmtpDialogue client = new SmtpDialogue(server.port())) {
            assertThat(client.say("EHLO again.example\r\n").lines())
                    .containsExactly(
                            "250-localhost", "250-PIPELINING", "250-SIZE 52428800", "250-8BITMIME", "250 SMTPUTF8");
            assertThat(client.say("MAIL FROM:<shop@example.com> SIZE=52428801\r\n"))
                    .startsWith("552 ");
        }
    }

    @Test
    void pipelinedCommandsAreAccepted() throws IOException {
        String envelope = "MAIL FROM:<shop@example.com>\r\nRCPT TO:<kim@example.com>\r\nRCPT TO:<>\r\nDATA\r\n";
        try (SmtpDialogue client = new SmtpDialogue(server.port())) {
            assertThat(client.say(envelope)).startsWith("250 ");
            assertThat(client.reply()).startsWith("250 ");
            assertThat(client.reply()).startsWith("501 ");
            assertThat(client.reply()).startsWith("354 ");

            assertThat(client.say("Subject: first\r\n\r\n.\r\n" + envelope)).startsWith("250 ");
            assertThat(client.reply()).startsWith("250 ");
            assertThat(client.reply()).startsWith("250 ");
            assertThat(client.reply()).startsWith("501 ");
            assertThat(client.reply()).startsWith("354 ");
            assertThat(client.say("Subject: second\r\n\r\n.\r\n")).startsWith("250 ");
        }

        assertThat(inbox.list(10, null)).extracting(InboxMail::subject).containsExactly("second", "first");
    }

    @Test
    void aMailAnsweredWith250SurvivesTheProcess() throws IOException {
        try (SmtpDialogue client = new SmtpDialogue(server.port())) {
            client.mail("shop@example.com", MAIL, "kim@example.com");

            assertThat(open().raw(1)).hasValue(MAIL);
        }
    }

    @Test
    void anIncompleteMailIsNotStored() throws IOException {
        try (SmtpDialogue client = new SmtpDialogue(server.port())) {
            client.say("MAIL FROM:<shop@example.com>\r\n");
            client.say("RCPT TO:<kim@example.com>\r\n");
            client.say("DATA\r\n");
            client.send("Subject: half a".getBytes(StandardCharsets.US_ASCII));
            client.breakOff();
        }

        assertThat(inbox.list(10, null)).isEmpty();
    }

    @Test
    void aFullDiskIsAnsweredWith452AndTheConnectionStaysUsable() throws IOException {
        try (SmtpDialogue client = new SmtpDialogue(server.port())) {
            Path away = Files.move(home.resolve("inbox"), home.resolve("unplugged"));
            assertThat(client.mail("shop@example.com", MAIL, "kim@example.com")).startsWith("452 ");

            Files.move(away, home.resolve("inbox"));
            assertThat(client.mail("shop@example.com", MAIL, "lee@example.com")).startsWith("250 ");
        }

        assertThat(inbox.list(10, null))
                .singleElement()
                .satisfies(it -> assertThat(it.to()).containsExactly("lee@example.com"));
    }

    @Test
    void recipientsAtReservedDomainsAreRefusedEach() throws IOException {
        try (SmtpDialogue client = new SmtpDialogue(server.port())) {
            client.say("MAIL FROM:<shop@example.com>\r\n");
            assertThat(client.say("RCPT TO:<kim@rejected.test>\r\n")).startsWith("550 5.1.1 ");
            assertThat(client.say("RCPT TO:<kim@DEFERRED.test>\r\n")).startsWith("450 4.2.1 ");
            assertThat(client.say("RCPT TO:<kim@bounce.test>\r\n")).startsWith("250 ");
            client.say("DATA\r\n");
            assertThat(client.say("Subject: x\r\n\r\n.\r\n")).startsWith("250 ");
        }

        assertThat(inbox.list(1, null).getFirst().to()).containsExactly("kim@bounce.test");
    }

    @Test
    void anUnknownOutcomeIsAConnectionClosedWithoutAReplyToAStoredMail() throws IOException {
        try (SmtpDialogue client = new SmtpDialogue(server.port())) {
            assertThat(client.mail("shop@example.com", MAIL, "kim@unknown.test"))
                    .isNull();
        }

        assertThat(inbox.raw(1)).hasValue(MAIL);
    }

    @Test
    void itListensOnLoopbackOnly() throws IOException {
        Stream<InetAddress> others = Stream.concat(
                // On Linux all of 127/8 is this machine: a server that listens on all addresses listens there too.
                Stream.of(InetAddress.ofLiteral("127.0.0.2")),
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .filter(it -> it instanceof Inet4Address && !it.isLoopbackAddress()));

        assertThat(others)
                .allSatisfy(
                        address -> assertThatThrownBy(() -> connect(address)).isInstanceOf(ConnectException.class));
    }

    @Test
    void aPortInUseIsReportedWithItsProperty() {
        assertThatThrownBy(() -> new InboxServer(inbox, server.port()))
                .isInstanceOf(InboxPortUnavailableException.class)
                .hasMessageContaining("127.0.0.1:" + server.port())
                .hasMessageContaining("ums.inbox.port");
    }

    private void connect(InetAddress address) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, server.port()), 2_000);
        }
    }

    private Inbox open() {
        return new Inbox(home.resolve("inbox"), Inbox.CAPACITY, Clock.systemUTC());
    }
}
