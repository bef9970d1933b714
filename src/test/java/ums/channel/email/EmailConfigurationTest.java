package ums.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static ums.channel.email.ScriptedSmtpServer.says;
import static ums.channel.email.SmtpFixtures.email;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import ums.channel.CircuitChanged;
import ums.channel.MessageSender;

/** The sender bean of the application. */
class EmailConfigurationTest {

    @Test
    void anOpenCircuitIsPublishedAndTheChannelIsUnavailable() throws IOException {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start()) {
            // Busy for the probes as well.
            for (int i = 0; i < 50; i++) {
                server.on("CONNECT", says("421 busy"));
            }
            new ApplicationContextRunner()
                    .withUserConfiguration(Application.class)
                    .withPropertyValues("ums.email.smtp.host=127.0.0.1", "ums.email.smtp.port=" + server.port())
                    .run(context -> {
                        EmailSender sender = context.getBean("smtpEmailSender", EmailSender.class);
                        for (int i = 0; i < SmtpCircuit.ERRORS_TO_OPEN; i++) {
                            sender.send(email());
                        }

                        assertThat(context.getBean(Application.class).changes)
                                .containsExactly(
                                        new CircuitChanged("127.0.0.1:" + server.port(), true, "GREETING: 421 busy"));
                        assertThat(context.getBean(MessageSender.class).availability())
                                .isEqualTo(sender.availability())
                                .satisfies(it -> assertThat(it.available()).isFalse());
                    });
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(EmailProperties.class)
    @Import(EmailConfiguration.class)
    static class Application {

        final List<CircuitChanged> changes = new ArrayList<>();

        @EventListener
        void onChange(CircuitChanged change) {
            changes.add(change);
        }

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean
        EmailSender inboxEmailSender() {
            return new NoopEmailSender();
        }
    }
}
