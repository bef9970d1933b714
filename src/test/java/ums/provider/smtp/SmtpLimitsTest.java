package ums.provider.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static ums.provider.smtp.ScriptedSmtpServer.both;
import static ums.provider.smtp.ScriptedSmtpServer.closes;
import static ums.provider.smtp.ScriptedSmtpServer.says;
import static ums.provider.smtp.ScriptedSmtpServer.usual;
import static ums.provider.smtp.SmtpFixtures.LONG;
import static ums.provider.smtp.SmtpFixtures.email;
import static ums.provider.smtp.SmtpFixtures.send;
import static ums.provider.smtp.SmtpFixtures.sendAll;
import static ums.provider.smtp.SmtpFixtures.senderTo;
import static ums.provider.smtp.SmtpFixtures.words;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ums.channel.email.Email;
import ums.provider.Outcome;
import ums.provider.RecipientOutcome;
import ums.provider.smtp.ScriptedSmtpServer.Answer;
import ums.provider.smtp.ScriptedSmtpServer.Mail;
import ums.provider.smtp.ScriptedSmtpServer.Session;

/** Servers that limit messages per connection, or recipients per transaction. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
class SmtpLimitsTest {

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

    @ParameterizedTest
    @CsvSource({
        "MAIL, 452 4.4.5 Maximum number of messages per session exceeded",
        "MAIL, 451 not now",
        "MAIL, 550 5.7.1 Too many messages in this connection",
        "MAIL, 530 log in again",
        "RCPT, 452 4.5.3 too many recipients in this session",
        "DATA, 452 4.4.5 Maximum number of messages per session exceeded",
        "DATA, 554 no more"
    })
    void aMessageRefusedOnAKeptConnectionIsTriedOnANewOne(String event, String reply) throws InterruptedException {
        assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
        server.on(event, says(reply));

        assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
        assertThat(server.connection(0).awaitEnd()).isTrue();
        assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
        assertThat(server.connections()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL, 451, DEFERRED at MAIL 451",
        "MAIL, 550, REJECTED at MAIL 550",
        "DATA, 451, DEFERRED at DATA 451",
        "DATA, 554, REJECTED at DATA 554"
    })
    void theReplyOnTheNewConnectionCounts(String event, String code, String expected) {
        assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
        server.on(event, says(code + " no"), says(code + " no"));

        List<RecipientOutcome> outcomes = sender.send(email());

        assertThat(words(outcomes.getFirst().outcome())).isEqualTo(expected);
        assertThat(outcomes).noneMatch(RecipientOutcome::serverFault);
        assertThat(server.connections()).isEqualTo(2);
    }

    /** Only the first refused message pays for finding the limit. */
    @ParameterizedTest
    @ValueSource(strings = {"452 4.4.5 Maximum number of messages per session exceeded", "550 no more"})
    void theLimitOfMessagesPerConnectionIsLearned(String reply) {
        server.on("MAIL", times(100, session -> (said(session, "MAIL") > 3 ? says(reply) : usual()).give(session)));

        for (int i = 0; i < 30; i++) {
            assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
        }

        int refused = reply.startsWith("452") ? 1 : 2;
        assertThat(saidInAll("MAIL")).isEqualTo(30 + refused);
        assertThat(server.connections()).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"421 4.4.2 enough", "closes"})
    void aServerThatClosesAfterSoManyMessagesIsNotAnError(String farewell) {
        Answer leaves = both(usual(), farewell.equals("closes") ? closes() : both(says(farewell), closes()));
        server.on(".", times(20, session -> (said(session, "DATA") % 2 == 0 ? leaves : usual()).give(session)));

        for (int i = 0; i < 10; i++) {
            assertThat(words(send(sender, email()))).isEqualTo("SENT 250");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "452 4.5.3 Too many recipients",
                "452 no more",
                "450 4.5.3 Error: too many",
                "451 too many recipients",
                "552 5.5.3 too many recipients",
                "550 5.5.3 no more"
            })
    void recipientsBeyondTheLimitFollowInTheNextTransaction(String reply) {
        limitRecipients(5, reply);
        AtomicInteger asked = new AtomicInteger();
        Email email = toMany(12);
        Email counted = new Email(
                email.sender(), email.recipients(), email.bytes(), () -> asked.incrementAndGet() > 0, false, false);

        assertThat(words(sendAll(sender, counted))).isEqualTo(Collections.nCopies(12, "SENT 250"));

        assertThat(server.mails().stream().map(it -> it.rcpts().size())).containsExactly(5, 5, 2);
        assertThat(server.mails().stream().flatMap(it -> it.rcpts().stream())).doesNotHaveDuplicates();
        assertThat(server.mails()).extracting(Mail::bytes).containsOnly(email.bytes());
        assertThat(asked).hasValue(3);
        assertThat(server.connections()).isEqualTo(1);

        long before = saidInAll("RCPT");
        assertThat(words(sendAll(sender, email))).containsOnly("SENT 250");
        assertThat(saidInAll("RCPT") - before)
                .as("those named to the end, and no more")
                .isEqualTo(12);
    }

    @Test
    void aLimitOfOneRecipientIsHandled() {
        limitRecipients(1, "452 4.5.3 Too many recipients");

        assertThat(words(sendAll(sender, toMany(100)))).isEqualTo(Collections.nCopies(100, "SENT 250"));
        assertThat(server.mails()).hasSize(100);
    }

    @Test
    void anUnknownOutcomeEndsTheAttempt() {
        limitRecipients(5, "452 4.5.3 Too many recipients");
        server.on(".", usual(), closes());

        List<RecipientOutcome> outcomes = sender.send(toMany(12));

        assertThat(words(outcomes.stream().map(RecipientOutcome::outcome).toList()))
                .containsExactly(sequence(5, "SENT 250", 5, "UNKNOWN_OUTCOME at FINAL_DOT", 2, "DEFERRED at RCPT 452"));
        assertThat(outcomes.subList(10, 12)).allMatch(RecipientOutcome::serverFault);
        assertThat(server.mails()).hasSize(2);
        assertThat(sender.availability().available()).isTrue();
    }

    @Test
    void recipientsLeftWhenAnAttemptEndsAreNotCounted() {
        server.on("RCPT", times(5, usual())).on("RCPT", times(7, says("452 4.5.3 Too many recipients")));
        server.on("MAIL", usual(), ScriptedSmtpServer.hangs());
        try (SmtpSender hasty = SmtpFixtures.sender(SmtpFixtures.at(server, LONG), Duration.ofSeconds(3))) {
            List<RecipientOutcome> outcomes = hasty.send(toMany(12));

            assertThat(outcomes.subList(0, 5)).allMatch(it -> it.outcome() instanceof Outcome.Sent);
            assertThat(outcomes.subList(5, 12)).allMatch(RecipientOutcome::serverFault);
            assertThat(hasty.availability().available()).isTrue();
        }
    }

    /** Refused recipients would be refused again, and the others were not tried: the attempt counts. */
    @Test
    void anAttemptEndsWhereNoRecipientWasTaken() {
        limitRecipients(5, "452 4.5.3 Too many recipients");
        server.on(".", says("451 not now"));

        List<RecipientOutcome> outcomes = sender.send(toMany(12));

        assertThat(outcomes)
                .allMatch(it -> it.outcome() instanceof Outcome.Deferred)
                .noneMatch(RecipientOutcome::serverFault);
        assertThat(server.mails()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "452 4.2.2 mailbox full, DEFERRED at RCPT 452",
        "552 5.2.2 mailbox full, REJECTED at RCPT 552",
        "452 insufficient system storage, DEFERRED at RCPT 452",
        "450 4.2.1 busy, DEFERRED at RCPT 450"
    })
    void aRefusalOfOneRecipientIsNotALimit(String reply, String expected) {
        server.on("RCPT", usual(), says(reply), usual());

        assertThat(words(sendAll(sender, toMany(3)))).containsExactly("SENT 250", expected, "SENT 250");
        assertThat(server.mails()).hasSize(1);
    }

    /** A bare 452 may be a limit; asked for alone, it is the recipient's own. */
    @Test
    void aRecipientRefusedAloneIsNotTriedAgain() {
        server.on("RCPT", usual(), says("452 no"), usual(), says("452 no"), says("452 no"));

        assertThat(words(sendAll(sender, toMany(3)))).containsExactly("SENT 250", "DEFERRED at RCPT 452", "SENT 250");
        assertThat(server.mails()).hasSize(1);
        assertThat(saidInAll("RCPT")).isLessThanOrEqualTo(5);
    }

    @Test
    void limitsOfConnectionsAndOfRecipientsCombine() {
        limitRecipients(3, "452 4.5.3 Too many recipients");
        server.on(
                "MAIL",
                times(100, session -> (said(session, "MAIL") > 2 ? says("452 4.4.5 enough") : usual()).give(session)));

        assertThat(words(sendAll(sender, toMany(20)))).isEqualTo(Collections.nCopies(20, "SENT 250"));
        assertThat(server.mails().stream().flatMap(it -> it.rcpts().stream()))
                .hasSize(20)
                .doesNotHaveDuplicates();
    }

    private void limitRecipients(int most, String reply) {
        server.on("RCPT", times(10_000, session -> (sinceMail(session) > most ? says(reply) : usual()).give(session)));
    }

    private static long sinceMail(Session session) {
        List<String> commands = session.commands();
        int mail = IntStream.range(0, commands.size())
                .filter(it -> commands.get(it).startsWith("MAIL"))
                .max()
                .orElse(0);
        return commands.size() - mail - 1L;
    }

    private static long said(Session session, String command) {
        return session.commands().stream().filter(it -> it.startsWith(command)).count();
    }

    private long saidInAll(String command) {
        return IntStream.range(0, server.connections())
                .mapToLong(it -> said(server.connection(it), command))
                .sum();
    }

    private static Answer[] times(int times, Answer answer) {
        return Collections.nCopies(times, answer).toArray(Answer[]::new);
    }

    private static String[] sequence(int first, String a, int second, String b, int third, String c) {
        return IntStream.range(0, first + second + third)
                .mapToObj(it -> it < first ? a : it < first + second ? b : c)
                .toArray(String[]::new);
    }

    private static Email toMany(int recipients) {
        return email(
                "Subject: hello\r\n\r\nHello.\r\n".getBytes(StandardCharsets.UTF_8),
                IntStream.range(0, recipients)
                        .mapToObj(it -> "user" + it + "@example.com")
                        .toArray(String[]::new));
    }
}
