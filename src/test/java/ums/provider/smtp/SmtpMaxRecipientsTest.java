package ums.provider.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static ums.provider.smtp.ScriptedSmtpServer.both;
import static ums.provider.smtp.ScriptedSmtpServer.closes;
import static ums.provider.smtp.ScriptedSmtpServer.says;
import static ums.provider.smtp.ScriptedSmtpServer.usual;
import static ums.provider.smtp.SmtpFixtures.LONG;
import static ums.provider.smtp.SmtpFixtures.email;
import static ums.provider.smtp.SmtpFixtures.sendAll;
import static ums.provider.smtp.SmtpFixtures.words;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
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
import ums.provider.RecipientOutcome;

/** {@code max-recipients}: a message with more goes out in several transactions, each with an outcome of its own. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
class SmtpMaxRecipientsTest {

    @Parameter
    boolean pipelining;

    private ScriptedSmtpServer server;
    private SmtpSender sender;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedSmtpServer.start().offers(pipelining ? SmtpFixtures.PIPELINED : SmtpFixtures.ONE_BY_ONE);
        sender = sender(10, 4);
    }

    @AfterEach
    void stop() throws IOException {
        sender.close();
        server.close();
    }

    @Test
    void eachTransactionHasItsOwnPointOfNoReturn() {
        AtomicInteger asked = new AtomicInteger();
        Email email = toMany(25);
        Email counted = new Email(
                email.sender(), email.recipients(), email.bytes(), () -> asked.incrementAndGet() > 0, false, false);

        assertThat(words(sendAll(sender, counted))).isEqualTo(Collections.nCopies(25, "SENT 250"));

        assertThat(server.mails().stream().map(it -> it.rcpts().size())).containsExactly(10, 10, 5);
        assertThat(server.mails().stream().flatMap(it -> it.rcpts().stream())).doesNotHaveDuplicates();
        assertThat(asked).hasValue(3);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void recipientsThatAreRefusedHoldUpNobody() {
        server.on(
                "RCPT",
                Collections.nCopies(10, says("550 5.1.1 no such user")).toArray(ScriptedSmtpServer.Answer[]::new));

        List<RecipientOutcome> outcomes = sender.send(toMany(25));

        assertThat(words(outcomes.stream().map(RecipientOutcome::outcome).toList()))
                .startsWith("REJECTED at RCPT 550")
                .endsWith("SENT 250")
                .hasSize(25);
        assertThat(server.mails().stream().map(it -> it.rcpts().size())).containsExactly(10, 5);
    }

    /** So that the next provider is asked for all who do not have the message. */
    @ParameterizedTest
    @CsvSource({"1, 0", "2, 10"})
    void whatTheServerSaysToOneTransactionHoldsForThoseThatWereToFollow(int transaction, int sent) {
        server.on("MAIL", Collections.nCopies(transaction - 1, usual()).toArray(ScriptedSmtpServer.Answer[]::new));
        server.on("MAIL", both(says("421 4.3.2 not now"), closes()), both(says("421 4.3.2 not now"), closes()));

        List<RecipientOutcome> outcomes = sender.send(toMany(25));

        assertThat(outcomes).hasSize(25);
        assertThat(words(outcomes.subList(0, sent).stream()
                        .map(RecipientOutcome::outcome)
                        .toList()))
                .allMatch("SENT 250"::equals);
        assertThat(words(outcomes.subList(sent, 25).stream()
                        .map(RecipientOutcome::outcome)
                        .toList()))
                .containsOnly("CONNECTION at MAIL 421");
        assertThat(outcomes.subList(sent, 25)).allMatch(RecipientOutcome::serverFault);
    }

    @Test
    void afterAnUnknownOutcomeNoFurtherTransactionFollows() {
        server.on(".", closes());

        List<RecipientOutcome> outcomes = sender.send(toMany(25));

        assertThat(words(outcomes.stream().map(RecipientOutcome::outcome).toList()))
                .hasSize(10)
                .containsOnly("UNKNOWN_OUTCOME at FINAL_DOT");
        assertThat(server.mails()).hasSize(1);
    }

    /** All recipients of a pipelined message are named at once. */
    @Test
    void aMessageWithMoreIsNotPipelinedBehindAnother() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        server.on("DATA", session -> {
            awaitLatch(waiting);
            usual().give(session);
        });
        try (SmtpSender one = sender(10, 1);
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<RecipientOutcome>> first = executor.submit(() -> one.send(email()));
            await().until(() ->
                    server.connections() == 1 && server.connection(0).commands().contains("DATA"));
            FutureTask<List<RecipientOutcome>> second = new FutureTask<>(() -> one.send(toMany(25)));
            Thread queued = Thread.ofPlatform().start(second);
            await().until(() -> queued.getState() == Thread.State.TIMED_WAITING);
            waiting.countDown();
            assertThat(words(first.get().getFirst().outcome())).isEqualTo("SENT 250");
            assertThat(second.get()).allMatch(it -> words(it.outcome()).equals("SENT 250"));
        }
        assertThat(server.mails().stream().map(it -> it.rcpts().size())).containsExactly(1, 10, 10, 5);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private SmtpSender sender(int maxRecipients, int maxConnections) {
        SmtpServer settings = new SmtpServer(
                "127.0.0.1",
                server.port(),
                null,
                null,
                SmtpServer.Tls.OFF,
                LONG,
                maxConnections,
                maxRecipients,
                SmtpPreset.RELAY);
        return SmtpFixtures.sender(settings, null);
    }

    private static Email toMany(int recipients) {
        return email(IntStream.range(0, recipients)
                .mapToObj(it -> "user" + it + "@example.com")
                .toArray(String[]::new));
    }
}
