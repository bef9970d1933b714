package ums.provider.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static ums.provider.smtp.ScriptedSmtpServer.both;
import static ums.provider.smtp.ScriptedSmtpServer.closes;
import static ums.provider.smtp.ScriptedSmtpServer.hangs;
import static ums.provider.smtp.ScriptedSmtpServer.hears;
import static ums.provider.smtp.ScriptedSmtpServer.says;
import static ums.provider.smtp.ScriptedSmtpServer.usual;
import static ums.provider.smtp.SmtpFixtures.LONG;
import static ums.provider.smtp.SmtpFixtures.email;
import static ums.provider.smtp.SmtpFixtures.send;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ums.channel.Recipient;
import ums.channel.email.Email;
import ums.provider.Outcome;
import ums.provider.smtp.ScriptedSmtpServer.Answer;

/**
 * Messages that wait for the only connection: the first of the wait queue is pipelined behind the body of the one
 * before (RFC 2920), and the outcome of each is independent of the other.
 */
class SmtpPipeliningTest {

    private ScriptedSmtpServer server;
    private SmtpSender sender;
    private final CountDownLatch lineStands = new CountDownLatch(1);

    @BeforeEach
    void start() throws IOException {
        server = ScriptedSmtpServer.start();
        sender = oneConnection(LONG);
        server.on("DATA", session -> {
            await(lineStands);
            usual().give(session);
        });
    }

    @AfterEach
    void stop() throws IOException {
        sender.close();
        server.close();
    }

    @Test
    void theNextMessageIsPipelinedBeforeTheServerAnswersTheBody() {
        server.on(".", both(hears(), usual()));
        Sending first = begin(email("kim@example.com"));
        Sending second = begin(email("lee@example.com", "choi@example.com"));
        Sending third = begin(email("park@example.com"));
        lineStands.countDown();

        assertThat(first.words()).isEqualTo("SENT 250");
        assertThat(second.words()).isEqualTo("SENT 250");
        assertThat(third.words()).isEqualTo("SENT 250");
        assertThat(recipients())
                .containsExactly(
                        List.of("RCPT TO:<kim@example.com>"),
                        List.of("RCPT TO:<lee@example.com>", "RCPT TO:<choi@example.com>"),
                        List.of("RCPT TO:<park@example.com>"));
        assertThat(server.connections()).isEqualTo(1);
        assertThat(server.connection(0).bodyCameEarly()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"451 full, DEFERRED at FINAL_DOT 451", "550 spam, REJECTED at FINAL_DOT 550"})
    void aRefusalAfterTheBodyDoesNotAffectTheNextMessage(String reply, String expected) {
        server.on(".", both(hears(), says(reply)));
        Sending first = begin(email());
        Sending second = begin(email("lee@example.com"));
        lineStands.countDown();

        assertThat(first.words()).isEqualTo(expected);
        assertThat(second.words()).isEqualTo("SENT 250");
        assertThat(server.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"RCPT, 450", "RCPT, 550"})
    void aRefusalBeforeTheBodyDoesNotAffectTheMessageAfterIt(String event, String code) {
        server.on(event, usual(), says(code));
        Sending first = begin(email());
        Sending second = begin(email("lee@example.com"));
        Sending third = begin(email("park@example.com"));
        lineStands.countDown();

        assertThat(first.words()).isEqualTo("SENT 250");
        assertThat(second.words()).endsWith("at " + event + " " + code);
        assertThat(third.words()).isEqualTo("SENT 250");
        assertThat(recipients())
                .containsExactly(List.of("RCPT TO:<kim@example.com>"), List.of("RCPT TO:<park@example.com>"));
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL, 452 4.4.5 too many messages in this session",
        "MAIL, 550 5.7.1 too many messages in this session",
        "MAIL, 451 not now",
        "DATA, 451 not now",
        "DATA, 554 no more"
    })
    void aMessageRefusedForItsConnectionGoesOverAnother(String event, String reply) {
        server.on(event, event.equals("DATA") ? new Answer[] {says(reply)} : new Answer[] {usual(), says(reply)});
        Sending first = begin(email());
        Sending second = begin(email("lee@example.com"));
        Sending third = begin(email("park@example.com"));
        lineStands.countDown();

        assertThat(first.words()).isEqualTo("SENT 250");
        assertThat(second.words()).isEqualTo("SENT 250");
        assertThat(third.words()).isEqualTo("SENT 250");
        assertThat(server.connections()).isEqualTo(2);
        assertThat(server.mails()).hasSize(3);
    }

    @Test
    void aLossAfterTheFinalDotIsUnknownForThatMessageOnly() {
        server.on(".", both(hears(), closes()));
        Sending first = begin(email());
        Sending second = begin(email("lee@example.com"));
        lineStands.countDown();

        assertThat(first.words()).isEqualTo("UNKNOWN_OUTCOME at FINAL_DOT");
        assertThat(second.words()).isEqualTo("SENT 250");
        assertThat(server.connections()).isEqualTo(2);
        assertThat(recipients())
                .containsExactly(List.of("RCPT TO:<kim@example.com>"), List.of("RCPT TO:<lee@example.com>"));
    }

    @ParameterizedTest
    @CsvSource({"421 that was enough", "354 what", "nonsense"})
    void anUnreadableReplyEndsTheConnectionForTheNextMessageToo(String reply) {
        server.on(".", both(hears(), says(reply)));
        Sending first = begin(email());
        Sending second = begin(email("lee@example.com"));
        lineStands.countDown();

        assertThat(first.words()).doesNotStartWith("SENT");
        assertThat(second.words()).isEqualTo("SENT 250");
        assertThat(server.connections()).isEqualTo(2);
        assertThat(server.mails()).hasSize(2);
    }

    @Test
    void aServerThatClosesAfterItsReplyDoesNotFailTheNextMessage() {
        server.on(".", both(hears(), both(usual(), closes())));
        Sending first = begin(email());
        Sending second = begin(email("lee@example.com"));
        lineStands.countDown();

        assertThat(first.words()).isEqualTo("SENT 250");
        assertThat(second.words()).isEqualTo("SENT 250");
        assertThat(server.connections()).isEqualTo(2);
        assertThat(server.mails()).hasSize(2);
    }

    @Test
    void aSurplusReplyIsNotTakenForTheReplyToTheNextBody() {
        server.on(".", both(hears(), says("250 taken", "250 taken twice")));
        Sending first = begin(email());
        Sending second = begin(email("lee@example.com"));
        lineStands.countDown();

        assertThat(first.words()).isEqualTo("SENT 250");
        assertThat(second.words()).doesNotStartWith("SENT").doesNotStartWith("UNKNOWN_OUTCOME");
        assertThat(server.mails()).hasSize(1);
        assertThat(begin(email()).words()).isEqualTo("SENT 250");
    }

    @Test
    void aRequestThatGivesUpBehindASlowServerLeavesNothingBehind() {
        CountDownLatch gone = new CountDownLatch(1);
        server.on(".", both(hears(), session -> {
            await(gone);
            usual().give(session);
        }));
        Sending first = begin(email());
        Sending second = begin(email("lee@example.com"));
        lineStands.countDown();
        Awaitility.await().until(() -> server.mails().size() == 1);
        second.thread.interrupt();
        assertThat(second.words()).isEqualTo("CONNECTION at CONNECT");
        gone.countDown();

        assertThat(first.words()).isEqualTo("SENT 250");
        assertThat(begin(email("park@example.com")).words()).isEqualTo("SENT 250");
        assertThat(server.connections()).isEqualTo(2);
        assertThat(recipients())
                .containsExactly(List.of("RCPT TO:<kim@example.com>"), List.of("RCPT TO:<park@example.com>"));
    }

    @Test
    void aServerThatHangsAfterTheFinalDotDelaysTheNextMessageNoLongerThanThisOne() {
        try (SmtpSender hasty = oneConnection(Duration.ofSeconds(2))) {
            server.on(".", both(hears(), hangs()));
            Sending first = begin(hasty, email());
            Sending second = begin(hasty, email("lee@example.com"));
            lineStands.countDown();

            assertThat(first.words()).isEqualTo("UNKNOWN_OUTCOME at FINAL_DOT");
            assertThat(second.words()).isEqualTo("SENT 250");
        }
    }

    @Test
    void aMessageToAnotherDomainIsNotPipelined() {
        AtomicReference<Boolean> more = new AtomicReference<>();
        server.on(".", session -> {
            more.set(session.hasMore());
            usual().give(session);
        });
        Sending first = begin(email("kim@example.com"));
        Sending second = begin(email("lee@example.net"));
        lineStands.countDown();

        assertThat(first.words()).isEqualTo("SENT 250");
        assertThat(second.words()).isEqualTo("SENT 250");
        assertThat(more).hasValue(false);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void withoutPipeliningTheNextMessageWaitsForTheReply() {
        server.offers(SmtpFixtures.ONE_BY_ONE);
        AtomicReference<Boolean> more = new AtomicReference<>();
        server.on(".", session -> {
            more.set(session.hasMore());
            usual().give(session);
        });
        Sending first = begin(email());
        Sending second = begin(email("lee@example.com"));
        lineStands.countDown();

        assertThat(first.words()).isEqualTo("SENT 250");
        assertThat(second.words()).isEqualTo("SENT 250");
        assertThat(more).hasValue(false);
    }

    @Test
    void nothingIsPipelinedBehindAMessageThatIsCalledOff() {
        Sending first = begin(new Email(
                "shop@example.org",
                List.of(new Recipient("kim@example.com", Recipient.Kind.TO)),
                "Subject: hello\r\n\r\nHello.\r\n".getBytes(StandardCharsets.US_ASCII),
                () -> false,
                false,
                false));
        Sending second = begin(email("lee@example.com"));
        lineStands.countDown();

        assertThat(first.outcome()).isInstanceOf(Outcome.CalledOff.class);
        assertThat(second.words()).isEqualTo("SENT 250");
        assertThat(server.mails()).hasSize(1);
    }

    private SmtpSender oneConnection(Duration timeout) {
        return SmtpFixtures.sender(
                new SmtpServer("127.0.0.1", server.port(), null, null, SmtpServer.Tls.OFF, timeout, 1), null);
    }

    private List<List<String>> recipients() {
        return server.mails().stream().map(ScriptedSmtpServer.Mail::rcpts).toList();
    }

    private Sending begin(Email email) {
        return begin(sender, email);
    }

    /** Sends on a thread of its own, and returns once that waits: for the server, or in the wait queue. */
    private static Sending begin(SmtpSender sender, Email email) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                outcome.complete(send(sender, email));
            } catch (RuntimeException | Error e) {
                outcome.completeExceptionally(e);
            }
        });
        Awaitility.await()
                .until(() -> outcome.isDone()
                        || thread.getState() == Thread.State.WAITING
                        || thread.getState() == Thread.State.TIMED_WAITING);
        return new Sending(thread, outcome);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private record Sending(Thread thread, CompletableFuture<Outcome> future) {

        Outcome outcome() {
            return future.orTimeout(30, TimeUnit.SECONDS).join();
        }

        String words() {
            return SmtpFixtures.words(outcome());
        }
    }
}
