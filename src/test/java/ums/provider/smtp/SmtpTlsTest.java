package ums.provider.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static ums.provider.smtp.ScriptedSmtpServer.closes;
import static ums.provider.smtp.ScriptedSmtpServer.hangs;
import static ums.provider.smtp.ScriptedSmtpServer.says;
import static ums.provider.smtp.ScriptedSmtpServer.usual;
import static ums.provider.smtp.SmtpFixtures.LONG;
import static ums.provider.smtp.SmtpFixtures.SHORT;
import static ums.provider.smtp.SmtpFixtures.at;
import static ums.provider.smtp.SmtpFixtures.email;
import static ums.provider.smtp.SmtpFixtures.send;
import static ums.provider.smtp.SmtpFixtures.words;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import ums.provider.smtp.SmtpServer.Tls;

/** Encryption and login: what is refused, and that no password is sent over an unsafe connection. */
class SmtpTlsTest {

    private static final String PASSWORD = "s3cret-\uac12";

    private static SelfSigned localhost;
    private static SelfSigned elsewhere;

    private ScriptedSmtpServer server;

    @BeforeAll
    static void makeCertificates(@TempDir Path folder) throws Exception {
        localhost = SelfSigned.make(folder.resolve("localhost.p12"), "dns:localhost,ip:127.0.0.1");
        elsewhere = SelfSigned.make(folder.resolve("elsewhere.p12"), "dns:mx.elsewhere.example");
    }

    @BeforeEach
    void start() throws IOException {
        server = ScriptedSmtpServer.start()
                .with(localhost.ofServer())
                .offers("STARTTLS", "PIPELINING", "AUTH PLAIN LOGIN");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void encryptsWhereStartTlsIsOfferedWithAnyCertificate() {
        assertThat(outcome(Tls.AUTO, null, null)).isEqualTo("SENT 250");
        assertThat(server.connection(0).isEncrypted()).isTrue();
        // The extensions are queried again after STARTTLS.
        assertThat(server.connection(0).commands())
                .filteredOn(command -> command.startsWith("EHLO"))
                .hasSize(2);
    }

    @Test
    void sendsUnencryptedWhereStartTlsIsNotOffered() {
        server.offers("PIPELINING");

        assertThat(outcome(Tls.AUTO, null, null)).isEqualTo("SENT 250");
        assertThat(server.connection(0).isEncrypted()).isFalse();
    }

    @Test
    void sendsUnencryptedWhereTlsIsOff() {
        assertThat(outcome(Tls.OFF, null, null)).isEqualTo("SENT 250");
        assertThat(server.connection(0).isEncrypted()).isFalse();
    }

    @Test
    void refusesToSendUnencryptedWhereTlsIsRequired() {
        server.offers("PIPELINING");

        assertThat(outcome(Tls.REQUIRED, null, localhost)).isEqualTo("AUTHENTICATION at STARTTLS");
        server.on("EHLO", says("502 what?"));
        assertThat(outcome(Tls.REQUIRED, null, localhost)).isEqualTo("AUTHENTICATION at STARTTLS");
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void acceptsATrustedCertificateThatNamesTheServer() {
        assertThat(outcome(Tls.REQUIRED, null, localhost)).isEqualTo("SENT 250");
        assertThat(outcome(Tls.AUTO, PASSWORD, localhost)).isEqualTo("SENT 250");
        assertThat(server.connection(1).isEncrypted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"REQUIRED, false", "REQUIRED, true", "AUTO, true"})
    void refusesAnUntrustedCertificate(Tls tls, boolean password) {
        assertThat(outcome(tls, password ? PASSWORD : null, null)).isEqualTo("AUTHENTICATION at STARTTLS");
        assertThat(said(0)).doesNotContain("AUTH", "MAIL");
    }

    @ParameterizedTest
    @CsvSource({"REQUIRED, false", "AUTO, true"})
    void refusesACertificateOfAnotherServer(Tls tls, boolean password) {
        server.with(elsewhere.ofServer());

        assertThat(outcome(tls, password ? PASSWORD : null, elsewhere)).isEqualTo("AUTHENTICATION at STARTTLS");
        assertThat(said(0)).doesNotContain("AUTH", "MAIL");
    }

    @Test
    void speaksTlsFromTheFirstOctet() throws IOException {
        server.withImplicit(localhost.ofServer());

        assertThat(outcome(Tls.IMPLICIT, PASSWORD, localhost)).isEqualTo("SENT 250");
        assertThat(server.connection(0).commands()).doesNotContain("STARTTLS");
        assertThat(outcome(Tls.IMPLICIT, PASSWORD, null)).isEqualTo("AUTHENTICATION at STARTTLS");
    }

    @Test
    void aServerWithoutTlsIsRefusedWhereTlsIsImplicit() {
        assertThat(outcome(Tls.IMPLICIT, null, localhost)).isEqualTo("AUTHENTICATION at STARTTLS");
    }

    @ParameterizedTest
    @CsvSource({
        "454, DEFERRED at STARTTLS 454",
        "501, CONNECTION at STARTTLS 501",
        "554, CONNECTION at STARTTLS 554",
        "451, CONNECTION at STARTTLS 451",
        "421, CONNECTION at STARTTLS 421",
        "538, AUTHENTICATION at STARTTLS 538",
        "334, CONNECTION at STARTTLS"
    })
    void aRefusalOfStartTlsDoesNotLeadToPlainText(String code, String expected) {
        server.on("STARTTLS", says(code + " no"));

        assertThat(outcome(Tls.AUTO, null, null)).isEqualTo(expected);
        assertThat(said(0)).doesNotContain("MAIL");
    }

    /** CVE-2011-0411: plain text behind the reply to STARTTLS is not read as if it came encrypted. */
    @Test
    void plainTextInjectedBeforeTheHandshakeIsRefused() {
        server.on("STARTTLS", says("220 go ahead", "250 slipped in"));

        assertThat(outcome(Tls.AUTO, null, null)).isEqualTo("AUTHENTICATION at STARTTLS");
    }

    @Test
    void aHandshakeThatEndsIsALossAndOneThatHangsTimesOut() {
        server.on("STARTTLS", ScriptedSmtpServer.both(says("220 go ahead"), closes()));
        assertThat(outcome(Tls.AUTO, null, null)).isEqualTo("CONNECTION at STARTTLS");

        server.on("STARTTLS", ScriptedSmtpServer.both(says("220 go ahead"), hangs()));
        try (SmtpSender sender = sender(at("localhost", server.port(), null, Tls.AUTO, SHORT), null)) {
            assertThat(words(send(sender, email()))).isEqualTo("TIMEOUT at STARTTLS");
        }
    }

    @Test
    void aKeptEncryptedConnectionClosedByTheServerIsNotAnError() {
        try (SmtpSender sender = sender(at("localhost", server.port(), null, Tls.REQUIRED, LONG), localhost)) {
            assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
            assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
            server.on("MAIL", ScriptedSmtpServer.resets());
            assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
        }
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void aStuckEncryptedWriteIsCut() {
        server.on("BODY", hangs());
        try (SmtpSender sender = sender(at("localhost", server.port(), null, Tls.AUTO, Duration.ofMillis(500)), null)) {
            assertThat(words(send(sender, SmtpFixtures.hugeEmail()))).isEqualTo("TIMEOUT at BODY");
        }
    }

    @Test
    void logsInWithPlainWhereItIsOffered() {
        assertThat(outcome(Tls.OFF, PASSWORD, null)).isEqualTo("SENT 250");

        assertThat(server.connection(0).commands()).contains("AUTH PLAIN " + base64("\0shop\0" + PASSWORD));
    }

    @ParameterizedTest
    @ValueSource(strings = {"AUTH LOGIN CRAM-MD5", "AUTH=LOGIN", "auth login"})
    void logsInWithLoginElsewhere(String offer) {
        server.offers("PIPELINING", offer);

        assertThat(outcome(Tls.OFF, PASSWORD, null)).isEqualTo("SENT 250");
        assertThat(server.connection(0).commands()).containsSubsequence("AUTH LOGIN", base64("shop"), base64(PASSWORD));
    }

    @Test
    void usesNoOtherMechanism() {
        server.offers("PIPELINING", "AUTH CRAM-MD5 PLAINTEXT");
        assertThat(outcome(Tls.OFF, PASSWORD, null)).isEqualTo("AUTHENTICATION at AUTH");
        server.offers("PIPELINING");
        assertThat(outcome(Tls.OFF, PASSWORD, null)).isEqualTo("AUTHENTICATION at AUTH");
        assertThat(server.mails()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "535, AUTHENTICATION at AUTH 535",
        "534, AUTHENTICATION at AUTH 534",
        "501, AUTHENTICATION at AUTH 501",
        "454, DEFERRED at AUTH 454",
        "432, DEFERRED at AUTH 432",
        "421, CONNECTION at AUTH 421",
        "334, CONNECTION at AUTH"
    })
    void aRefusedLoginSendsNothing(String code, String expected) {
        server.on("RESPONSE", says(code + " no"), says(code + " no"));

        assertThat(outcome(Tls.OFF, PASSWORD, null)).isEqualTo(expected);
        server.offers("AUTH LOGIN");
        assertThat(outcome(Tls.OFF, PASSWORD, null)).isEqualTo(expected);
        assertThat(said(0) + said(1)).doesNotContain("MAIL");
    }

    @Test
    void aLoginThatIsAcceptedTooEarlyIsRefused() {
        server.offers("AUTH LOGIN").on("AUTH", says("235 welcome"));

        assertThat(outcome(Tls.OFF, PASSWORD, null)).isEqualTo("CONNECTION at AUTH");
        assertThat(said(0)).doesNotContain(base64(PASSWORD));
    }

    @ParameterizedTest
    @EnumSource(
            value = Tls.class,
            names = {"AUTO", "OFF"})
    void noPasswordIsSentUnencryptedButToLoopback(Tls tls) throws IOException {
        Optional<InetAddress> outside = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .findFirst();
        assumeTrue(outside.isPresent(), "this machine has no address but loopback");
        try (ScriptedSmtpServer reachable =
                ScriptedSmtpServer.startOn(outside.get()).offers("AUTH PLAIN")) {
            SmtpServer settings = at(outside.get().getHostAddress(), reachable.port(), PASSWORD, tls, LONG);
            try (SmtpSender sender = sender(settings, null)) {
                assertThat(words(send(sender, email()))).isEqualTo("AUTHENTICATION at AUTH");
            }
            assertThat(reachable.connection(0).commands()).hasSize(1);
        }
    }

    @Test
    void loopbackAndEncryptionAreSafeForAPassword() throws IOException {
        InetAddress far = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
        InetAddress near = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});

        assertThat(List.of(
                        SmtpHandshake.isSafeForPassword(false, far),
                        SmtpHandshake.isSafeForPassword(true, far),
                        SmtpHandshake.isSafeForPassword(false, near)))
                .containsExactly(false, true, true);
    }

    @Test
    void aNewConnectionLogsInAndAKeptOneDoesNot() {
        AtomicInteger logIns = new AtomicInteger();
        ScriptedSmtpServer.Answer counted = session -> {
            logIns.incrementAndGet();
            usual().give(session);
        };
        server.on("AUTH", counted, counted, counted);
        try (SmtpSender sender = sender(at("127.0.0.1", server.port(), PASSWORD, Tls.OFF, LONG), null)) {
            send(sender, email());
            send(sender, email());
        }
        assertThat(logIns).hasValue(1);
    }

    private String outcome(Tls tls, String password, SelfSigned trusted) {
        try (SmtpSender sender = sender(at("localhost", server.port(), password, tls, LONG), trusted)) {
            return words(send(sender, email()));
        }
    }

    private static SmtpSender sender(SmtpServer settings, SelfSigned trusted) {
        SSLContext trust = trusted == null ? null : trusted.ofClient();
        return new SmtpSender(settings, null, trust, SmtpConnections.MAX_IDLE_TIME, SmtpFixtures.circuit());
    }

    private String said(int connection) {
        return String.join("\n", server.connection(connection).commands()).replace("STARTTLS", "");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
