package ums.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import ums.channel.Outcome;
import ums.channel.Recipient;
import ums.channel.RecipientOutcome;
import ums.channel.Reply;
import ums.channel.email.Email;
import ums.channel.email.EmailProperties;
import ums.channel.email.EmailSender;
import ums.channel.email.SmtpServer;

@ExtendWith(OutputCaptureExtension.class)
class InboxConfigurationTest {

    private static final Email EMAIL = new Email(
            "shop@example.com",
            List.of(
                    new Recipient("kim@example.com", Recipient.Kind.TO),
                    new Recipient("auditor@example.com", Recipient.Kind.BCC)),
            "Subject: test\r\n\r\nbody\r\n".getBytes(StandardCharsets.US_ASCII),
            () -> true,
            false,
            false);

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
    void withoutAnSmtpServerEverythingGoesToTheInbox() {
        application
                .withPropertyValues(
                        "ums.email.smtp.host=", "ums.email.smtp.timeout=7s", "ums.email.smtp.max-connections=3")
                .run(context -> {
                    SmtpServer server = context.getBean(SmtpServer.class);
                    assertThat(server.host()).isEqualTo("127.0.0.1");
                    assertThat(server.tls()).isEqualTo(SmtpServer.Tls.OFF);
                    assertThat(server.timeout()).isEqualTo(Duration.ofSeconds(7));
                    assertThat(server.maxConnections()).isEqualTo(3);

                    try (SmtpDialogue client = new SmtpDialogue(server.port())) {
                        client.mail("shop@example.com", EMAIL.bytes(), "kim@example.com");
                    }

                    assertThat(context.getBean(Inbox.class).raw(1)).hasValue(EMAIL.bytes());
                    assertThat(home.resolve("inbox").resolve("1.mail")).exists();
                });
    }

    @Test
    void theListenerStopsWithTheApplication() {
        int[] port = new int[1];
        application.run(context -> port[0] = context.getBean(SmtpServer.class).port());

        assertThatThrownBy(() -> new SmtpDialogue(port[0]).close()).isInstanceOf(IOException.class);
    }

    @Test
    void withAnSmtpServerOnlyTheStoreIsCreated() {
        application
                .withPropertyValues("ums.email.smtp.host=smtp.example.com")
                .run(context -> assertThat(context)
                        .hasSingleBean(Inbox.class)
                        .hasBean("inboxEmailSender")
                        .doesNotHaveBean(InboxServer.class)
                        .doesNotHaveBean(SmtpServer.class));
    }

    @Test
    void anApiProcessDoesNotListen() {
        application.withPropertyValues("ums.role=api", "ums.inbox.port=2525").run(context -> {
            assertThat(context).hasSingleBean(Inbox.class).doesNotHaveBean(InboxServer.class);
            assertThat(context.getBean(SmtpServer.class).port()).isEqualTo(2525);
            assertThat(context.getBean(SmtpServer.class).timeout()).isEqualTo(Duration.ofSeconds(60));
            assertThat(context.getBean(SmtpServer.class).maxConnections()).isEqualTo(64);
        });
    }

    @Test
    void aTestKeysMailIsStoredWithoutAConnection() {
        application.withPropertyValues("ums.email.smtp.host=smtp.example.com").run(context -> {
            List<RecipientOutcome> outcomes = context.getBean(EmailSender.class).send(EMAIL);

            Outcome kept = new Outcome.Sent(new Reply(250, "kept by the inbox as 1"));
            assertThat(outcomes)
                    .containsExactly(
                            new RecipientOutcome(EMAIL.recipients().get(0), kept),
                            new RecipientOutcome(EMAIL.recipients().get(1), kept));
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
                Email gated = new Email(EMAIL.sender(), EMAIL.recipients(), EMAIL.bytes(), answer, false, false);

                assertThat(context.getBean(EmailSender.class).send(gated))
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

            assertThat(context.getBean(EmailSender.class).send(EMAIL))
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

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({InboxProperties.class, HomeProperties.class, EmailProperties.class})
    @Import({InboxConfiguration.class, UmsHome.class})
    static class Application {}
}
