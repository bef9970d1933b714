package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static ums.provider.smtp.ScriptedSmtpServer.both;
import static ums.provider.smtp.ScriptedSmtpServer.closes;
import static ums.provider.smtp.ScriptedSmtpServer.hangs;
import static ums.provider.smtp.ScriptedSmtpServer.says;
import static ums.provider.smtp.ScriptedSmtpServer.usual;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import ums.channel.email.EmailContent;
import ums.failure.FailureFilter;
import ums.failure.Failures;
import ums.failure.SendFailure;
import ums.message.MessageStatus;
import ums.message.NewMessage;
import ums.message.Options;
import ums.message.RecipientState;
import ums.message.Sender;
import ums.provider.Account;
import ums.provider.ProviderSettings;
import ums.provider.Providers;
import ums.provider.smtp.ScriptedSmtpServer;
import ums.provider.smtp.SmtpPreset;
import ums.provider.smtp.SmtpProvider;
import ums.provider.smtp.SmtpServer;
import ums.queue.Orphans;

/** Two SMTP servers on a route: what the first says decides whether the second sees the message. */
class FailoverOverSmtpTest extends DispatchStory {

    @Autowired
    Failures failures;

    private final List<SmtpProvider> opened = new ArrayList<>();
    private ScriptedSmtpServer a;
    private ScriptedSmtpServer b;

    @BeforeEach
    void start() throws IOException {
        a = ScriptedSmtpServer.start().offers("PIPELINING", "AUTH PLAIN");
        b = ScriptedSmtpServer.start();
    }

    @AfterEach
    void close() throws IOException {
        a.close();
        b.close();
        opened.forEach(SmtpProvider::close);
    }

    enum Trouble {
        REFUSES_CONNECTIONS {
            @Override
            void of(ScriptedSmtpServer server) throws IOException {
                server.close();
            }
        },
        BUSY_AT_THE_GREETING {
            @Override
            void of(ScriptedSmtpServer server) {
                server.on("CONNECT", both(says("421 4.3.2 not now"), closes()));
            }
        },
        BUSY_AT_MAIL {
            @Override
            void of(ScriptedSmtpServer server) {
                server.on("MAIL", both(says("421 4.3.2 not now"), closes()));
            }
        },
        REFUSES_THE_LOG_IN {
            @Override
            void of(ScriptedSmtpServer server) {
                server.on("RESPONSE", says("535 5.7.8 Authentication credentials invalid"));
            }
        },
        REFUSES_THE_SENDER {
            @Override
            void of(ScriptedSmtpServer server) {
                server.on(".", says("554 Message rejected: Email address is not verified."));
            }
        },
        CLOSES_BEFORE_THE_BODY {
            @Override
            void of(ScriptedSmtpServer server) {
                server.on("DATA", closes());
            }
        };

        abstract void of(ScriptedSmtpServer server) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void theSecondSendsWithinTheSameAttempt(Trouble trouble) throws Exception {
        trouble.of(a);
        UUID id = accept();

        pollAndSettle(dispatcher(route("a", "b")));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(message(id).progress().attemptCount()).isEqualTo(1);
        assertThat(message(id).progress().provider()).isEqualTo("b");
        assertThat(b.mails()).hasSize(1);
    }

    @Test
    void aSenderRefusedByAllOfThemWaitsAtNoAttempt() throws Exception {
        Trouble.REFUSES_THE_SENDER.of(a);
        UUID id = accept();

        pollAndSettle(dispatcher(route("a")));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.RETRY);
        assertThat(message(id).progress().attemptCount()).isZero();
        assertThat(message(id).progress().lastError().type()).hasToString("ACCOUNT");
        assertThat(message(id).progress().lastError().code()).isEqualTo("554");
        assertThat(message(id).recipients())
                .extracting(RecipientState::status)
                .containsOnly(RecipientState.Status.PENDING);
    }

    @Test
    void closedAfterTheFinalDotTheMessageStaysWithTheFirst() throws InterruptedException {
        a.on(".", closes());
        UUID id = accept();
        pollAndSettle(dispatcher(route("a", "b")));
        assertThat(message(id).progress().bound()).isTrue();

        // The retry meets the first as it refuses the connection: the second is not asked either.
        a.on("CONNECT", both(says("421 4.3.2 not now"), closes()));
        later();
        pollAndSettle(dispatcher(route("a", "b")));
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.RETRY);

        // Nor where the route begins with the second by now.
        later();
        pollAndSettle(dispatcher(route("b", "a")));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(message(id).progress().provider()).isEqualTo("a");
        assertThat(a.mails()).hasSize(2);
        assertThat(b.connections()).isZero();
    }

    @Test
    void anAdminsRetryGoesToTheFirst() throws InterruptedException {
        a.on(".", closes());
        UUID id = acceptForReview();
        pollAndSettle(dispatcher(route("a", "b")));
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.MANUAL_REVIEW);

        failures.retry(open(id).id(), "root", "it was not seen");
        pollAndSettle(dispatcher(route("b", "a")));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(a.mails()).hasSize(2);
        assertThat(b.connections()).isZero();
    }

    @Test
    void whoTakesTheClaimOverStaysWithTheFirst() throws InterruptedException {
        a.on(".", hangs());
        UUID id = accept();
        dispatcher(route("a", "b")).poll();
        await().until(() -> a.mails().size() == 1);

        staleClaims().rescue(Orphans.ALL);
        later();
        pollAndSettle(dispatcher(route("b", "a")));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(a.mails()).hasSize(2);
        assertThat(b.connections()).isZero();
    }

    @Test
    void whoWasNotNamedToTheFirstYetGoesOnInTheNextAttempt() throws Exception {
        // On the connection that was used, and on a new one.
        a.on("MAIL", usual(), both(says("421 4.3.2 not now"), closes()), both(says("421 4.3.2 not now"), closes()));
        UUID id = acceptFor(25);

        // Who has the message is written first: a process that dies at the second would else leave it to all of them
        // there.
        pollAndSettle(dispatcher(route("a", "b")));
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.RETRY);
        assertThat(message(id).progress().attemptCount()).isZero();
        assertThat(b.connections()).isZero();

        a.close();
        later();
        pollAndSettle(dispatcher(route("a", "b")));
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(message(id).progress().attemptCount()).isEqualTo(1);
        assertThat(rcpts(a)).hasSize(10);
        assertThat(rcpts(b)).hasSize(15);
        assertThat(Stream.concat(rcpts(a).stream(), rcpts(b).stream())).doesNotHaveDuplicates();
    }

    @Test
    void whoWasNotNamedYetWaitsWhereATransactionsOutcomeIsUnknown() throws InterruptedException {
        a.on(".", usual(), closes());
        UUID id = acceptFor(25);

        pollAndSettle(dispatcher(route("a", "b")));
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.RETRY);
        assertThat(rcpts(a)).hasSize(20);

        later();
        pollAndSettle(dispatcher(route("a", "b")));
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(b.connections()).isZero();
    }

    private UUID acceptFor(int recipients) {
        List<String> to = IntStream.range(0, recipients)
                .mapToObj(it -> "user" + it + "@example.com")
                .toList();
        EmailContent content =
                new EmailContent(null, to, List.of(), List.of(), null, "A subject", "A text", null, Map.of());
        return messages.accept(
                        new NewMessage(new Sender(CLIENT, false, Set.of()), "email", content, Options.NONE, null))
                .id();
    }

    private static List<String> rcpts(ScriptedSmtpServer server) {
        return server.mails().stream().flatMap(it -> it.rcpts().stream()).toList();
    }

    private Providers route(String... ids) {
        List<Account> accounts = Stream.of(ids)
                .map(it -> Account.of(it, ProviderSettings.unlimited("smtp"), provider(it)))
                .toList();
        return new Providers(Map.of("email", accounts), _ -> accounts.getFirst().provider(), Set.of(), false);
    }

    private SmtpProvider provider(String id) {
        boolean first = id.equals("a");
        SmtpServer server = new SmtpServer(
                "127.0.0.1",
                first ? a.port() : b.port(),
                first ? "shop" : null,
                first ? "s3cret" : null,
                SmtpServer.Tls.OFF,
                Duration.ofSeconds(20),
                4,
                10,
                first ? SmtpPreset.SES : SmtpPreset.RELAY);
        SmtpProvider provider = new SmtpProvider(id, server, Clock.systemUTC(), _ -> {});
        opened.add(provider);
        return provider;
    }

    private SendFailure open(UUID message) {
        return failures.list(new FailureFilter(false, null, null, 100)).stream()
                .filter(it -> it.messageId().equals(message))
                .findFirst()
                .orElseThrow();
    }

    /** After the longest wait between two attempts. */
    private void later() {
        clock.advance(Duration.ofHours(1));
    }
}
