package ums.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import ums.channel.Channels;
import ums.channel.Content;
import ums.channel.Delivery;
import ums.channel.Recipient;
import ums.channel.email.EmailChannel;
import ums.channel.email.EmailContent;
import ums.provider.Account;
import ums.provider.Outcome;
import ums.provider.Provider;
import ums.provider.ProviderSettings;
import ums.provider.Providers;
import ums.provider.RecipientOutcome;
import ums.provider.Reply;
import ums.provider.SandboxAccounts;

@ExtendWith(OutputCaptureExtension.class)
class InboxConfigurationTest {

    private static final byte[] MAIL = "Subject: test\r\n\r\nbody\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final List<Recipient> RECIPIENTS = List.of(
            new Recipient("kim@example.com", Recipient.Kind.TO),
            new Recipient("auditor@example.com", Recipient.Kind.BCC));

    @TempDir
    Path home;

    private ApplicationContextRunner application;

    @BeforeEach
    void configure() {
        application = new ApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withPropertyValues("ums.home=" + home, "ums.inbox.port=0");
    }

    @Test
    void withoutAProviderEverythingGoesToTheInbox() {
        application.withPropertyValues("ums.email.smtp.host=").run(context -> {
            try (Provider<Content> live = Account.of(
                            "inbox",
                            ProviderSettings.unlimited("inbox"),
                            context.getBean(SandboxAccounts.class).live("email", _ -> {}))
                    .provider()) {
                InboxServer server = context.getBean(InboxServer.class);
                assertThat(live.endpoint()).isEqualTo("127.0.0.1:" + server.port());
                assertThat(live.send(delivery(() -> true)))
                        .allSatisfy(it -> assertThat(it.outcome()).isInstanceOf(Outcome.Sent.class));

                try (SmtpDialogue client = new SmtpDialogue(server.port())) {
                    client.mail("shop@example.com", MAIL, "kim@example.com");
                }
            }
            assertThat(context.getBean(Inbox.class).raw(2)).hasValue(MAIL);
            assertThat(home.resolve("inbox").resolve("2.mail")).exists();
        });
    }

    @Test
    void theListenerStopsWithTheApplication() {
        int[] port = new int[1];
        application.run(context -> port[0] = context.getBean(InboxServer.class).port());

        assertThatThrownBy(() -> new SmtpDialogue(port[0]).close()).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ums.email.smtp.host=smtp.example.com", "ums.providers.a.type=smtp"})
    void withAProviderOnlyTheStoreIsCreated(String property) {
        application
                .withPropertyValues(property)
                .run(context -> assertThat(context)
                        .hasSingleBean(Inbox.class)
                        .hasSingleBean(SandboxAccounts.class)
                        .doesNotHaveBean(InboxServer.class));
    }

    @Test
    void anApiProcessDoesNotListen() {
        application.withPropertyValues("ums.role=api", "ums.inbox.port=2525").run(context -> {
            assertThat(context).hasSingleBean(Inbox.class).doesNotHaveBean(InboxServer.class);
            try (Provider<Content> live = Account.of(
                            "inbox",
                            ProviderSettings.unlimited("inbox"),
                            context.getBean(SandboxAccounts.class).live("email", _ -> {}))
                    .provider()) {
                assertThat(live.endpoint()).isEqualTo("127.0.0.1:2525");
            }
        });
    }

    @Test
    void aTestKeysMailIsStoredWithoutAConnection() {
        application.withPropertyValues("ums.email.smtp.host=smtp.example.com").run(context -> {
            List<RecipientOutcome> outcomes =
                    context.getBean(SandboxAccounts.class).test("email").send(delivery(() -> true));

            Outcome kept = new Outcome.Sent(new Reply(250, "kept by the inbox as 1"));
            assertThat(outcomes)
                    .containsExactly(
                            new RecipientOutcome(RECIPIENTS.get(0), kept),
                            new RecipientOutcome(RECIPIENTS.get(1), kept));
            assertThat(context.getBean(Inbox.class).list(10, null))
                    .singleElement()
                    .satisfies(it -> assertThat(it.to()).containsExactly("kim@example.com", "auditor@example.com"));
        });
    }

    @Test
    void aTestKeysMailThatIsCalledOffIsNotStored() {
        application.run(context -> {
            for (BooleanSupplier answer : List.<BooleanSupplier>of(() -> false, () -> {
                throw new IllegalStateException("away");
            })) {
                assertThat(context.getBean(SandboxAccounts.class).test("email").send(delivery(answer)))
                        .hasSize(2)
                        .allSatisfy(it -> assertThat(it.outcome()).isInstanceOf(Outcome.CalledOff.class));
            }
            assertThat(context.getBean(Inbox.class).list(10, null)).isEmpty();
        });
    }

    @Test
    void aTestKeysMailThatCannotBeStoredIsTriedAgainLater() {
        application.run(context -> {
            Files.move(home.resolve("inbox"), home.resolve("unplugged"));

            assertThat(context.getBean(SandboxAccounts.class).test("email").send(delivery(() -> true)))
                    .hasSize(2)
                    .allSatisfy(it -> assertThat(it.outcome())
                            .isEqualTo(new Outcome.Deferred(
                                    "FINAL_DOT", new Reply(452, "the inbox cannot write to its folder"))));
        });
    }

    @Test
    void anInvalidPortIsRefusedWithItsProperty() {
        application
                .withPropertyValues("ums.inbox.port=65536")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("ums.inbox.port must be between 0 and 65535"));
    }

    @Test
    void aStartOnAPortInUseFailsWithAnAction(CapturedOutput output) throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            SpringApplicationBuilder second = new SpringApplicationBuilder(Application.class)
                    .web(WebApplicationType.NONE)
                    .properties("ums.home=" + home, "ums.inbox.port=" + other.getLocalPort());

            assertThatThrownBy(second::run).hasRootCauseMessage("Address already in use");
        }
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("--ums.inbox.port=0 takes any that is free")
                .doesNotContain("\tat ");
    }

    private static Delivery<Content> delivery(BooleanSupplier commit) {
        EmailContent content = new EmailContent(
                "shop@example.com",
                List.of("kim@example.com"),
                List.of(),
                List.of("auditor@example.com"),
                null,
                "test",
                "body",
                null,
                Map.of());
        return new Delivery<>(
                UUID.randomUUID(), Instant.now(), content, RECIPIENTS, System.nanoTime() + 20_000_000_000L, commit);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({InboxProperties.class, HomeProperties.class})
    @Import({InboxConfiguration.class, UmsHome.class})
    static class Application {

        @Bean
        Channels channels() {
            return new Channels(List.of(new EmailChannel(null)));
        }

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean
        Providers providers(SandboxAccounts accounts) {
            return new Providers(Map.of(), accounts::test, Set.of(), true);
        }
    }
}
