package ums.provider.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static ums.provider.smtp.ScriptedSmtpServer.both;
import static ums.provider.smtp.ScriptedSmtpServer.closes;
import static ums.provider.smtp.ScriptedSmtpServer.says;
import static ums.provider.smtp.ScriptedSmtpServer.usual;
import static ums.provider.smtp.ScriptedSmtpServer.waits;
import static ums.provider.smtp.SmtpFixtures.LONG;
import static ums.provider.smtp.SmtpFixtures.email;
import static ums.provider.smtp.SmtpFixtures.send;
import static ums.provider.smtp.SmtpFixtures.words;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ums.SettableClock;
import ums.channel.email.Email;
import ums.provider.CircuitChanged;
import ums.provider.Outcome;
import ums.provider.RecipientOutcome;
import ums.provider.smtp.ScriptedSmtpServer.Answer;
import ums.provider.smtp.ScriptedSmtpServer.Session;

/**
 * A server that allows fewer connections than are configured: the messages share those, and no attempt is counted for
 * it.
 */
@Timeout(60)
class SmtpConcurrencyTest {

    private static final int CONFIGURED = 16;

    private final List<CircuitChanged> changes = new CopyOnWriteArrayList<>();
    private final Map<Session, Boolean> taken = new ConcurrentHashMap<>();
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
        "CONNECT, 421 4.7.0 Error: too many connections",
        "CONNECT, 450 not now",
        "EHLO, 421 not now",
        "MAIL, 432 4.3.2 Concurrent connections limit exceeded",
        "MAIL, 421 4.7.0 Too many concurrent connections",
        "MAIL, 451 4.3.0 not now",
        "RCPT, 450 4.7.0 too many connections",
        "DATA, 432 4.3.2 sender thread limit exceeded",
        "., 432 4.3.2 sender thread limit exceeded"
    })
    void messagesShareTheConnectionsThatTheServerTakes(String event, String reply) throws Exception {
        take(3, event, reply);
        try (SmtpSender sender = sender(60);
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<RecipientOutcome>>> sendings = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String domain = "domain" + i + ".example";
                sendings.add(executor.submit(() -> sender.send(email("kim@" + domain))));
            }
            for (Future<List<RecipientOutcome>> each : sendings) {
                assertThat(words(each.get().getFirst().outcome())).isEqualTo("SENT 250");
            }
            assertThat(sender.availability().available()).isTrue();
        }
        assertThat(changes).isEmpty();
        if (!event.equals(".")) {
            assertThat(server.mails()).hasSize(100);
        }
        assertThat(server.connections()).as("not one a message").isLessThan(60);
    }

    @Test
    void aServerThatRefusesItsOnlyConnectionIsAnError() {
        server.on("MAIL", times(5, says("432 4.3.2 Concurrent connections limit exceeded")));
        try (SmtpSender sender = sender(60)) {
            for (int i = 0; i < 5; i++) {
                RecipientOutcome outcome = sender.send(email()).getFirst();
                assertThat(words(outcome.outcome())).isEqualTo("DEFERRED at MAIL 432");
                assertThat(outcome.serverFault()).isTrue();
            }
            assertThat(sender.availability().available()).isFalse();
        }
        assertThat(changes).hasSize(1);
    }

    /** A rate limit of the sender, for instance: it is not about the connections, and other senders' messages go on. */
    @Test
    void aMessageThatEveryConnectionRefusesIsDeferredAndOthersAreSent() throws Exception {
        server.on("MAIL", times(1_000, session -> {
            List<String> commands = session.commands();
            boolean fast = commands.getLast().contains("fast@");
            (fast ? says("450 4.7.1 rate exceeded") : usual()).give(session);
        }));
        CountDownLatch release = new CountDownLatch(1);
        server.on(".", session -> {
            happens(release);
            usual().give(session);
        });
        try (SmtpSender sender = sender(60);
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Outcome> slow = executor.submit(() -> send(sender, email()));
            await().until(() -> server.mails().size() == 1);
            assertThat(words(send(sender, email("lee@example.com")))).isEqualTo("SENT 250");

            RecipientOutcome refused = sender.send(from("fast@example.org")).getFirst();

            assertThat(words(refused.outcome())).isEqualTo("DEFERRED at MAIL 450");
            assertThat(refused.serverFault()).isFalse();
            assertThat(words(send(sender, email("park@example.com")))).isEqualTo("SENT 250");
            release.countDown();
            assertThat(words(slow.get())).isEqualTo("SENT 250");
            assertThat(sender.availability().available()).isTrue();
        }
    }

    @Test
    void moreConnectionsAreTriedEverMoreRarely() {
        SmtpConcurrency concurrency = new SmtpConcurrency(64);
        long second = TimeUnit.SECONDS.toNanos(1);
        for (int others = 63; others >= 3; others--) {
            concurrency.reduce(others, true, 0);
        }
        assertThat(concurrency.allowed()).isEqualTo(3);

        long now = 0;
        for (long pause : List.of(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 300L, 300L)) {
            concurrency.grow(now + pause * second - 1);
            assertThat(concurrency.allowed()).as("before %s s", pause).isEqualTo(3);
            now += pause * second;
            concurrency.grow(now);
            assertThat(concurrency.allowed()).isEqualTo(4);
            concurrency.reduce(3, true, now);
        }
    }

    @Test
    void theNumberGrowsQuicklyWhereConnectionsAreTaken() {
        SmtpConcurrency concurrency = new SmtpConcurrency(64);
        concurrency.reduce(1, true, 0);

        List<Integer> allowed = new ArrayList<>();
        for (int second = 1; concurrency.isReduced(); second++) {
            concurrency.grow(TimeUnit.SECONDS.toNanos(second));
            allowed.add(concurrency.allowed());
        }
        assertThat(allowed).containsExactly(2, 3, 4, 6, 9, 13, 19, 28, 42, 63, 64);
    }

    @Test
    void atLeastOneConnectionIsAllowed() {
        SmtpConcurrency concurrency = new SmtpConcurrency(2);

        concurrency.reduce(0, true, 0);

        assertThat(concurrency.allowed()).isEqualTo(1);
    }

    /** A connection beyond that number gets the reply at that event, as long as the others last. */
    private void take(int most, String event, String reply) {
        Object lock = new Object();
        server.on("CONNECT", times(1_000, session -> {
            synchronized (lock) {
                if (taken.size() < most) {
                    taken.put(session, true);
                    Thread.ofVirtual().start(() -> leaves(session));
                }
            }
            if (event.equals("CONNECT") && !taken.containsKey(session)) {
                both(says(reply), closes()).give(session);
            }
            usual().give(session);
        }));
        if (!event.equals("CONNECT")) {
            server.on(
                    event,
                    times(1_000, session -> (taken.containsKey(session) ? slowly(event) : says(reply)).give(session)));
        }
        if (!event.equals(".")) {
            server.on(".", times(1_000, slowly(".")));
        }
    }

    private static Answer slowly(String event) {
        return event.equals(".") ? both(waits(Duration.ofMillis(10)), usual()) : usual();
    }

    private void leaves(Session session) {
        try {
            while (!session.awaitEnd()) {
                Thread.onSpinWait();
            }
            taken.remove(session);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private SmtpSender sender(int seconds) {
        SmtpServer settings =
                new SmtpServer("127.0.0.1", server.port(), null, null, SmtpServer.Tls.OFF, LONG, CONFIGURED);
        return new SmtpSender(settings, Duration.ofSeconds(seconds), new SettableClock(), changes::add);
    }

    private static void happens(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Email from(String sender) {
        Email email = email("kim@example.com");
        return new Email(sender, email.recipients(), email.bytes(), email.commit(), false, false);
    }

    private static Answer[] times(int times, Answer answer) {
        return Collections.nCopies(times, answer).toArray(Answer[]::new);
    }
}
