package ums.provider.smtp;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import ums.channel.Recipient;
import ums.channel.email.Email;
import ums.channel.email.EmailSender;
import ums.provider.CircuitBreaker;
import ums.provider.Outcome;
import ums.provider.RecipientOutcome;

/** Servers, e-mails and outcomes for the tests of the SMTP client. */
final class SmtpFixtures {

    static final Duration LONG = Duration.ofSeconds(20);
    static final Duration SHORT = Duration.ofMillis(200);
    static final String[] PIPELINED = {"PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 50000000"};
    static final String[] ONE_BY_ONE = {"8BITMIME", "SMTPUTF8", "SIZE 50000000"};

    private SmtpFixtures() {}

    static SmtpServer at(ScriptedSmtpServer server, Duration timeout) {
        return at("127.0.0.1", server.port(), null, SmtpServer.Tls.AUTO, timeout);
    }

    /** @param password for the user {@code shop}, or null for no AUTH */
    static SmtpServer at(String host, int port, String password, SmtpServer.Tls tls, Duration timeout) {
        return new SmtpServer(host, port, password == null ? null : "shop", password, tls, timeout, 4);
    }

    static SmtpSender senderTo(ScriptedSmtpServer server) {
        return sender(at(server, LONG), null);
    }

    /** @param attemptTimeout null for no limit but that of each step */
    static SmtpSender sender(SmtpServer server, Duration attemptTimeout) {
        return new SmtpSender(server, attemptTimeout, Clock.systemUTC(), _ -> {});
    }

    /** A circuit that probes at once and notifies no listener. */
    static CircuitBreaker circuit() {
        return new CircuitBreaker(
                "smtp", "scripted", Clock.systemUTC(), _ -> {}, Duration.ofMillis(10), Duration.ofMillis(10));
    }

    static Email email(String... recipients) {
        return email("Subject: hello\r\n\r\nHello.\r\n".getBytes(StandardCharsets.UTF_8), recipients);
    }

    static Email email(byte[] bytes, String... recipients) {
        List<String> addresses = recipients.length == 0 ? List.of("kim@example.com") : List.of(recipients);
        return new Email(
                "shop@example.org",
                addresses.stream()
                        .map(address -> new Recipient(address, Recipient.Kind.TO))
                        .toList(),
                bytes,
                () -> true,
                false,
                false);
    }

    /** Larger than the buffers of the sockets between client and server. */
    static Email hugeEmail() {
        return email("0123456789abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXY\r\n"
                .repeat(256 * 1024)
                .getBytes(StandardCharsets.US_ASCII));
    }

    static Outcome send(EmailSender sender, Email email) {
        return sendAll(sender, email).getFirst();
    }

    static List<Outcome> sendAll(EmailSender sender, Email email) {
        return sender.send(email).stream().map(RecipientOutcome::outcome).toList();
    }

    /** An outcome in short form: {@code DEFERRED at MAIL 451}. */
    static String words(Outcome outcome) {
        return Stream.of(
                        outcome.errorType() == null
                                ? "SENT"
                                : outcome.errorType().name(),
                        outcome.at() == null ? "" : "at " + outcome.at(),
                        outcome.answer() == null ? "" : "" + outcome.answer().code())
                .filter(word -> !word.isEmpty())
                .reduce((a, b) -> a + " " + b)
                .orElseThrow();
    }

    static List<String> words(List<Outcome> outcomes) {
        return outcomes.stream().map(SmtpFixtures::words).toList();
    }
}
