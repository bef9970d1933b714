package ums.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The settings {@code ums.email.*}, and the beans made of them. */
@ExtendWith(OutputCaptureExtension.class)
class EmailPropertiesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Mail.class);

    @Test
    void nothingNeedsToBeSet() {
        runner.withBean(SmtpServer.class, EmailPropertiesTest::inbox).run(context -> {
            assertThat(context).hasNotFailed().hasSingleBean(SmtpServer.class);
            assertThat(context.getBean("smtpEmailSender")).isInstanceOf(SmtpEmailSender.class);
            EmailProperties properties = context.getBean(EmailProperties.class);
            assertThat(properties.from()).isNull();
            assertThat(properties.smtp())
                    .isEqualTo(new EmailProperties.Smtp(
                            null, null, null, null, SmtpServer.Tls.AUTO, Duration.ofSeconds(60), 64, null));
        });
    }

    @Test
    void anEmptyHostIsUnset() {
        runner.withBean(SmtpServer.class, EmailPropertiesTest::inbox)
                .withPropertyValues("ums.email.smtp.host=", "ums.email.from=", "ums.email.smtp.username=")
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(SmtpServer.class);
                    assertThat(context.getBean(EmailProperties.class).from()).isNull();
                });
    }

    @Test
    void theServerIsMadeOfTheSettings() {
        runner.withPropertyValues(
                        "ums.email.from=Shop <no-reply@shop.example>",
                        "ums.email.smtp.host=relay.example",
                        "ums.email.smtp.port=587",
                        "ums.email.smtp.username=shop",
                        "ums.email.smtp.password=s3cret",
                        "ums.email.smtp.tls=required",
                        "ums.email.smtp.timeout=5s",
                        "ums.email.smtp.max-connections=8",
                        "ums.email.smtp.rate=12.5")
                .run(context -> {
                    assertThat(context.getBean(SmtpServer.class))
                            .isEqualTo(new SmtpServer(
                                    "relay.example",
                                    587,
                                    "shop",
                                    "s3cret",
                                    SmtpServer.Tls.REQUIRED,
                                    Duration.ofSeconds(5),
                                    8));
                    EmailProperties properties = context.getBean(EmailProperties.class);
                    assertThat(properties.smtp().rate()).isEqualTo(12.5);
                    assertThat(properties.toString()).contains("relay.example").doesNotContain("s3cret");
                });
    }

    @ParameterizedTest
    @CsvSource({"auto, 25", "required, 25", "off, 25", "implicit, 465"})
    void thePortFollowsTheEncryption(String tls, int port) {
        runner.withPropertyValues("ums.email.smtp.host=relay.example", "ums.email.smtp.tls=" + tls)
                .run(context ->
                        assertThat(context.getBean(SmtpServer.class).port()).isEqualTo(port));
    }

    @ParameterizedTest
    @CsvSource({
        "port, 0",
        "port, 65536",
        "port, smtp",
        "tls, maybe",
        "timeout, 0s",
        "timeout, -1s",
        "timeout, soon",
        "max-connections, 0",
        "max-connections, many",
        "rate, 0",
        "rate, -1",
        "username, shop",
        "password, s3cret"
    })
    void anInvalidValueIsNamedAtTheStart(String property, String value, CapturedOutput output) {
        SpringApplication application = new SpringApplication(Mail.class);
        application.setWebApplicationType(WebApplicationType.NONE);

        Throwable failure = catchThrowable(() -> application.run(
                "--ums.email.smtp.host=relay.example",
                "--ums.email.smtp." + property + "=" + value,
                "--spring.main.banner-mode=off",
                "--logging.level.root=off",
                "--logging.level.org.springframework.boot.diagnostics=error"));

        assertThat(failure).isNotNull();
        assertThat(output.toString().replace("maxConnections", "max-connections"))
                .contains("APPLICATION FAILED TO START")
                .contains("ums.email.smtp." + property)
                .doesNotContain("s3cret");
    }

    @Test
    @Timeout(10)
    void anAttemptEndsBeforeItsClaimIsStale() throws IOException {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start().on("MAIL", ScriptedSmtpServer.hangs())) {
            runner.withPropertyValues(
                            "ums.email.smtp.host=127.0.0.1",
                            "ums.email.smtp.port=" + server.port(),
                            "ums.dispatch.stale-after=400ms")
                    .run(context -> assertThat(SmtpFixtures.words(SmtpFixtures.send(
                                    context.getBean("smtpEmailSender", EmailSender.class), SmtpFixtures.email())))
                            .isEqualTo("TIMEOUT at MAIL"));
        }
    }

    private static SmtpServer inbox() {
        return new SmtpServer("127.0.0.1", 2525, null, null, SmtpServer.Tls.OFF, Duration.ofSeconds(5), 4);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(EmailProperties.class)
    @Import(EmailConfiguration.class)
    static class Mail {

        @Bean
        java.time.Clock clock() {
            return java.time.Clock.systemUTC();
        }

        @Bean
        EmailSender inboxEmailSender() {
            return new NoopEmailSender();
        }
    }
}
