package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static ums.provider.smtp.ScriptedSmtpServer.both;
import static ums.provider.smtp.ScriptedSmtpServer.closes;
import static ums.provider.smtp.ScriptedSmtpServer.says;
import static ums.provider.smtp.ScriptedSmtpServer.usual;
import static ums.provider.smtp.ScriptedSmtpServer.waits;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ums.channel.email.EmailContent;
import ums.message.NewMessage;
import ums.message.Options;
import ums.message.Sender;
import ums.provider.Account;
import ums.provider.CircuitChanged;
import ums.provider.ProviderSettings;
import ums.provider.Providers;
import ums.provider.smtp.ScriptedSmtpServer;
import ums.provider.smtp.ScriptedSmtpServer.Answer;
import ums.provider.smtp.ScriptedSmtpServer.Session;
import ums.provider.smtp.SmtpProvider;
import ums.provider.smtp.SmtpServer;

/**
 * A server that bears less than is configured. What it bears is learned at no message's cost, and soon: the messages go out nearly
 * as quickly as by a client that knows its limits.
 */
@Timeout(120)
class LearnedLimitsTest extends DispatchStory {

    private static final int MOST_CONNECTIONS = 3;
    private static final int MOST_MESSAGES = 10;
    private static final int MOST_RECIPIENTS = 10;
    private static final int MESSAGES = 300;
    private static final int WITH_MANY_RECIPIENTS = 30;
    private static final int TRANSACTIONS = MESSAGES + WITH_MANY_RECIPIENTS;
    private static final Duration EACH = Duration.ofMillis(30);

    private final Set<Session> taken = ConcurrentHashMap.newKeySet();
    private final List<CircuitChanged> changes = new CopyOnWriteArrayList<>();
    private final AtomicLong lastTaken = new AtomicLong();
    private ScriptedSmtpServer server;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedSmtpServer.start();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT, 421 4.7.0 too many connections, 452 4.4.5 too many messages on this connection",
        "MAIL, 432 4.3.2 concurrent connections limit exceeded, 421 4.4.5 too many messages on this connection",
        "MAIL, 421 4.7.0 too many concurrent connections, 451 4.3.0 not now"
    })
    void theMessagesGoOutNearlyAsQuicklyAsTheServerBears(String event, String refusal, String enough) throws Exception {
        limit(event, refusal, enough);
        Duration perfect = sendPerfectly();
        int before = server.mails().size();
        assertThat(before).isEqualTo(TRANSACTIONS);

        for (int i = 0; i < MESSAGES; i++) {
            acceptTo(i % (MESSAGES / WITH_MANY_RECIPIENTS) == 0 ? 15 : 1);
        }
        SmtpServer settings =
                new SmtpServer("127.0.0.1", server.port(), null, null, SmtpServer.Tls.OFF, Duration.ofSeconds(60), 64);
        try (SmtpProvider provider = new SmtpProvider("a", settings, Clock.systemUTC(), changes::add)) {
            Account account = Account.of("a", ProviderSettings.unlimited("smtp"), provider);
            Dispatcher dispatcher = dispatcher(
                    new Providers(Map.of("email", List.of(account)), _ -> provider, Set.of(), false),
                    64,
                    settlement(),
                    queue);
            long begun = System.nanoTime();
            await().pollInterval(Duration.ofMillis(20)).until(() -> {
                dispatcher.poll();
                return outboxRows("state <> 'DONE'") == 0;
            });
            Duration took = Duration.ofNanos(lastTaken.get() - begun);

            assertThat(provider.connections().allowed()).isBetween(1, MOST_CONNECTIONS + 1);
            assertThat(took)
                    .as("where three connections that know the limits take %s", perfect)
                    .isLessThan(perfect.multipliedBy(3).dividedBy(2));
        }
        assertThat(jdbc.sql("select count(*) from message where status = 'SENT' and attempt_count = 1")
                        .query(Integer.class)
                        .single())
                .isEqualTo(MESSAGES);
        assertThat(changes).isEmpty();
    }

    private void limit(String event, String refusal, String enough) {
        on("CONNECT", session -> {
            synchronized (taken) {
                if (taken.size() < MOST_CONNECTIONS) {
                    taken.add(session);
                    Thread.ofVirtual().start(() -> leaves(session));
                }
            }
            if (event.equals("CONNECT") && !taken.contains(session)) {
                both(says(refusal), closes()).give(session);
            }
            usual().give(session);
        });
        on("MAIL", session -> {
            if (!taken.contains(session)) {
                (refusal.startsWith("421") ? both(says(refusal), closes()) : says(refusal)).give(session);
            } else if (said(session, "MAIL") > MOST_MESSAGES) {
                (enough.startsWith("421") ? both(says(enough), closes()) : says(enough)).give(session);
            } else {
                usual().give(session);
            }
        });
        on(
                "RCPT",
                session -> (sinceMail(session) > MOST_RECIPIENTS ? says("452 4.5.3 too many recipients") : usual())
                        .give(session));
        on(".", session -> {
            both(waits(EACH), usual()).give(session);
            lastTaken.set(System.nanoTime());
        });
    }

    private void on(String event, Answer answer) {
        server.on(event, Collections.nCopies(20_000, answer).toArray(Answer[]::new));
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

    /** What three connections take that know all limits. */
    private Duration sendPerfectly() throws Exception {
        AtomicInteger left = new AtomicInteger(TRANSACTIONS);
        long begun = System.nanoTime();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < MOST_CONNECTIONS; i++) {
                clients.add(executor.submit(() -> {
                    while (left.get() > 0) {
                        connectAndSend(left);
                    }
                    return null;
                }));
            }
            for (Future<?> each : clients) {
                each.get();
            }
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private void connectAndSend(AtomicInteger left) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port());
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream()))) {
            socket.setTcpNoDelay(true);
            if (!in.readLine().startsWith("220")) {
                return;
            }
            ask(socket, in, "EHLO perfect.example");
            for (int i = 0; i < MOST_MESSAGES && left.getAndDecrement() > 0; i++) {
                if (!ask(socket, in, "MAIL FROM:<shop@example.org>").startsWith("250")) {
                    left.incrementAndGet();
                    return;
                }
                ask(socket, in, "RCPT TO:<kim@example.com>");
                ask(socket, in, "DATA");
                ask(socket, in, "Subject: A subject\r\n\r\nA text\r\n.");
            }
            ask(socket, in, "QUIT");
        }
    }

    private static String ask(Socket socket, BufferedReader in, String command) throws IOException {
        socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
        String line = in.readLine();
        while (line.charAt(3) == '-') {
            line = in.readLine();
        }
        return line;
    }

    private static long said(Session session, String command) {
        return session.commands().stream().filter(it -> it.startsWith(command)).count();
    }

    private static long sinceMail(Session session) {
        List<String> commands = session.commands();
        int mail = IntStream.range(0, commands.size())
                .filter(it -> commands.get(it).startsWith("MAIL"))
                .max()
                .orElse(0);
        return commands.size() - mail - 1L;
    }

    private void acceptTo(int recipients) {
        List<String> to = IntStream.range(0, recipients)
                .mapToObj(it -> "user" + it + "@example.com")
                .toList();
        EmailContent content =
                new EmailContent(null, to, List.of(), List.of(), null, "A subject", "A text", null, Map.of());
        messages.accept(new NewMessage(new Sender(CLIENT, false, Set.of()), "email", content, Options.NONE, null));
    }
}
