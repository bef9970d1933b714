package ums.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;
import ums.channel.Channel;
import ums.channel.email.EmailChannel;
import ums.channel.email.NoopEmailSender;

/** Accounts and routes as they are configured; a mistake stops the start and names the property. */
@ExtendWith(OutputCaptureExtension.class)
class AccountsTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Mail.class);

    @Test
    void withoutAnAccountEverythingStaysInTheSandbox() {
        runner.withPropertyValues("ums.email.smtp.host=", "ums.email.smtp.rate=2.5")
                .run(context -> {
                    Providers providers = context.getBean(Providers.class);
                    assertThat(providers.isSandbox()).isTrue();
                    assertThat(ids(providers)).containsExactly("inbox");
                    assertThat(providers.route("email", false).getFirst().rate())
                            .hasValue(2.5);
                });
    }

    @Test
    void theShortFormIsAnAccountNamedLikeItsType() {
        runner.withPropertyValues(
                        "ums.email.smtp.host=relay.example",
                        "ums.email.smtp.port=587",
                        "ums.email.smtp.username=shop",
                        "ums.email.smtp.password=s3cret",
                        "ums.email.smtp.rate=12.5")
                .run(context -> {
                    Providers providers = context.getBean(Providers.class);
                    assertThat(providers.isSandbox()).isFalse();
                    Account account = providers.route("email", false).getFirst();
                    assertThat(account.id()).isEqualTo("smtp");
                    assertThat(account.rate()).hasValue(12.5);
                    assertThat(account.provider().endpoint()).isEqualTo("relay.example:587");
                    assertThat(account.toString()).doesNotContain("s3cret");
                    assertThat(providers.route("email", true))
                            .extracting(Account::id)
                            .containsExactly("inbox");
                });
    }

    @ParameterizedTest
    @CsvSource({"auto, 25", "required, 25", "off, 25", "implicit, 465"})
    void thePortFollowsTheEncryption(String tls, int port) {
        runner.withPropertyValues("ums.email.smtp.host=relay.example", "ums.email.smtp.tls=" + tls)
                .run(context -> assertThat(context.getBean(Providers.class)
                                .route("email", false)
                                .getFirst()
                                .provider()
                                .endpoint())
                        .isEqualTo("relay.example:" + port));
    }

    @Test
    void anAccountHasAPresetAndLimits() {
        runner.withPropertyValues(
                        "ums.providers.a.type=smtp",
                        "ums.providers.a.host=a.example",
                        "ums.providers.a.preset=ses",
                        "ums.providers.a.max-recipients=50",
                        "ums.providers.a.max-connections=7",
                        "ums.providers.a.concurrency=10",
                        "ums.email.smtp.host=short.example",
                        "ums.email.smtp.preset=Postmark",
                        "ums.email.smtp.concurrency=20",
                        "ums.routes.email=a, smtp")
                .run(context -> {
                    List<Account> route = context.getBean(Providers.class).route("email", false);
                    assertThat(route.getFirst().concurrency()).hasValue(10);
                    assertThat(route.getLast().concurrency()).hasValue(20);
                    assertThat(route.getFirst().provider().connections()).isEqualTo(new Provider.Connections(7, 7));
                });
    }

    @Test
    void severalAccountsHaveARouteAndItsSequence() {
        runner.withPropertyValues(
                        "ums.providers.a.type=smtp",
                        "ums.providers.a.host=a.example",
                        "ums.providers.b.type=smtp",
                        "ums.providers.b.host=b.example",
                        "ums.providers.b.domains=Shop.example, other.example",
                        "ums.email.smtp.host=short.example",
                        "ums.routes.email=b, smtp, a",
                        "ums.fail-over-on-deferred.email=true")
                .run(context -> {
                    Providers providers = context.getBean(Providers.class);
                    assertThat(ids(providers)).containsExactly("b", "smtp", "a");
                    assertThat(providers.failsOverOnDeferred("email")).isTrue();
                    Account b = providers.route("email", false).getFirst();
                    assertThat(b.maySendAs("no-reply@shop.example")).isTrue();
                    assertThat(b.maySendAs("no-reply@elsewhere.example")).isFalse();
                });
    }

    @Test
    void sendersAndDomainsMayBeWrittenInAnySpelling() {
        runner.withPropertyValues(
                        "ums.providers.a.type=smtp",
                        "ums.providers.a.host=a.example",
                        "ums.providers.a.senders=Shop <Info@\uD55C\uAD6D.example>",
                        "ums.providers.a.domains=\uAC00\uAC8C.example")
                .run(context -> {
                    Account a = context.getBean(Providers.class)
                            .route("email", false)
                            .getFirst();
                    EmailChannel channel = new EmailChannel(null);
                    assertThat(a.maySendAs(channel.normalise("info@\uD55C\uAD6D.example")))
                            .isTrue();
                    assertThat(a.maySendAs(channel.normalise("help@\uAC00\uAC8C.example")))
                            .isTrue();
                    assertThat(a.maySendAs(channel.normalise("help@\uD55C\uAD6D.example")))
                            .isFalse();
                });
    }

    @Test
    void theEnvironmentNamesAccountsToo() {
        runner.withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .replace(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                new SystemEnvironmentPropertySource(
                                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                        java.util.Map.of(
                                                "UMS_PROVIDERS_A_TYPE", "smtp",
                                                "UMS_PROVIDERS_A_HOST", "a.example",
                                                "UMS_PROVIDERS_B_TYPE", "smtp",
                                                "UMS_PROVIDERS_B_HOST", "b.example",
                                                "UMS_PROVIDERS_B_MAXCONNECTIONS", "3",
                                                "UMS_PROVIDERS_A_MAX_CONNECTIONS", "5",
                                                "UMS_FAIL_OVER_ON_DEFERRED_EMAIL", "true",
                                                "UMS_ROUTES_EMAIL", "b,a"))))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    Providers providers = context.getBean(Providers.class);
                    assertThat(ids(providers)).containsExactly("b", "a");
                    assertThat(providers.route("email", false))
                            .extracting(it -> it.provider().connections())
                            .containsExactly(new Provider.Connections(3, 3), new Provider.Connections(5, 5));
                    assertThat(providers.failsOverOnDeferred("email")).isTrue();
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ums.routes.email | --ums.providers.a.type=smtp --ums.providers.a.host=x --ums.providers.b.type=smtp --ums.providers.b.host=y",
                "ums.routes.email | --ums.email.smtp.host=x --ums.routes.email=smtp,nobody",
                "ums.routes.email | --ums.email.smtp.host=x --ums.routes.email=smtp,smtp",
                "ums.routes.email | --ums.routes.email=a",
                "ums.routes.fax | --ums.email.smtp.host=x --ums.routes.fax=smtp",
                "ums.providers.A-1 | --ums.providers.A-1.type=smtp --ums.providers.A-1.host=x",
                "ums.providers.inbox | --ums.providers.inbox.type=smtp --ums.providers.inbox.host=x",
                "ums.providers.smtp | --ums.email.smtp.host=x --ums.providers.smtp.type=smtp --ums.providers.smtp.host=y",
                "ums.providers.a.type | --ums.providers.a.type=carrier-pigeon",
                "ums.providers.a.type | --ums.providers.a.host=x",
                "ums.providers.a | --ums.providers.a.type=smtp",
                "ums.providers.a.port | --ums.providers.a.type=smtp --ums.providers.a.host=x --ums.providers.a.port=0",
                "ums.providers.a | --ums.providers.a.type=smtp --ums.providers.a.host=x --ums.providers.a.password=s3cret",
                "ums.providers.a.preset | --ums.providers.a.type=smtp --ums.providers.a.host=x --ums.providers.a.preset=gmail",
                "ums.email.smtp.preset | --ums.email.smtp.host=x --ums.email.smtp.preset=gmail",
                "ums.providers.a.max-recipients | --ums.providers.a.type=smtp --ums.providers.a.host=x --ums.providers.a.max-recipients=0",
                "ums.providers.a.max-recipients | --ums.providers.a.type=smtp --ums.providers.a.host=x --ums.providers.a.max-recipients=101",
                "ums.providers.a.concurrency | --ums.providers.a.type=smtp --ums.providers.a.host=x --ums.providers.a.concurrency=0",
                "ums.providers.a.concurrency | --ums.providers.a.type=smtp --ums.providers.a.host=x --ums.providers.a.concurrency=many",
                "ums.providers.a.hots is not valid | --ums.providers.a.type=smtp --ums.providers.a.host=x --ums.providers.a.hots=y",
                "ums.providers.a.max is not valid | --ums.providers.a.type=smtp --ums.providers.a.host=x --ums.providers.a.max.connections=3",
                "ums.providers.a.senders | --ums.providers.a.type=smtp --ums.providers.a.host=x --ums.providers.a.senders=shop",
                "ums.fail-over-on-deferred.fax | --ums.email.smtp.host=x --ums.fail-over-on-deferred.fax=true",
                "ums.email.smtp.port | --ums.email.smtp.host=x --ums.email.smtp.port=65536",
                "ums.email.smtp.port | --ums.email.smtp.host=x --ums.email.smtp.port=smtp",
                "ums.email.smtp.tls | --ums.email.smtp.host=x --ums.email.smtp.tls=maybe",
                "ums.email.smtp.timeout | --ums.email.smtp.host=x --ums.email.smtp.timeout=0s",
                "ums.email.smtp.timeout | --ums.email.smtp.host=x --ums.email.smtp.timeout=soon",
                "ums.email.smtp.max-connections | --ums.email.smtp.host=x --ums.email.smtp.max-connections=0",
                "ums.email.smtp.rate | --ums.email.smtp.host=x --ums.email.smtp.rate=0",
                "ums.email.smtp.rate | --ums.email.smtp.host=x --ums.email.smtp.rate=-1",
                "ums.email.smtp.rate | --ums.email.smtp.host=x --ums.email.smtp.rate=1e-12",
                "ums.email.smtp | --ums.email.smtp.host=x --ums.email.smtp.username=shop",
                "ums.email.smtp | --ums.email.smtp.host=x --ums.email.smtp.password=s3cret"
            })
    void aMistakeIsNamedAtTheStart(String property, String settings, CapturedOutput output) {
        SpringApplication application = new SpringApplication(Mail.class);
        application.setWebApplicationType(WebApplicationType.NONE);

        Throwable failure = catchThrowable(() -> application.run((settings
                        + " --spring.main.banner-mode=off --logging.level.root=warn"
                        + " --logging.level.org.springframework.boot.diagnostics=error")
                .split(" ")));

        assertThat(failure).isNotNull();
        assertThat(output.toString()
                        .replace("maxConnections", "max-connections")
                        .replace("maxRecipients", "max-recipients"))
                .contains("APPLICATION FAILED TO START")
                .contains(property)
                .doesNotContain("s3cret")
                .doesNotContain("\tat ");
    }

    private static List<String> ids(Providers providers) {
        return providers.route("email", false).stream().map(Account::id).toList();
    }

    @Configuration(proxyBeanMethods = false)
    @Import(ProviderConfiguration.class)
    @ComponentScan("ums.provider.smtp")
    static class Mail {

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean
        LocalValidatorFactoryBean validator() {
            return new LocalValidatorFactoryBean();
        }

        @Bean
        Channel email() {
            return new EmailChannel(null);
        }

        @Bean
        SandboxAccounts sandbox() {
            return new SandboxAccounts() {
                @Override
                public Provider live(String channel, Consumer<CircuitChanged> circuitListener) {
                    return new EmailProvider(new NoopEmailSender());
                }

                @Override
                public Provider test(String channel) {
                    return new EmailProvider(new NoopEmailSender());
                }
            };
        }
    }
}
