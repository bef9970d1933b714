package ums.observability.alert;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;
import ums.clock.ClockSkew;
import ums.observability.AlertProperties;
import ums.observability.QueueSamples;
import ums.sandbox.UmsHome;

/** Wires the alerts. */
@Configuration(proxyBeanMethods = false)
class AlertConfiguration {

    private static final List<Duration> RETRY_DELAYS = List.of(Duration.ofSeconds(1), Duration.ofSeconds(10));

    @Bean
    @Conditional(WebhookIsSet.class)
    AlertWebhook alertWebhook(AlertProperties properties, MeterRegistry registry) {
        Counter failures = Counter.builder("alerts.undelivered")
                .description("alerts that the webhook did not accept")
                .register(registry);
        return new AlertWebhook(URI.create(String.valueOf(properties.webhookUrl())), RETRY_DELAYS, failures::increment);
    }

    @Bean
    Alerts.Watched watched(QueueSamples samples, UmsHome home, ClockSkew skew, VacuumHorizon horizon) {
        return new Alerts.Watched(
                samples::latest, () -> home.folder().toFile().getUsableSpace(), skew::skew, horizon::oldest);
    }

    @Bean
    Alerts alerts(
            AlertProperties properties,
            ObjectProvider<AlertWebhook> webhook,
            Alerts.Watched watched,
            MeterRegistry registry,
            Clock clock) {
        AlertWebhook receiver = webhook.getIfAvailable();
        Consumer<Alert> send = receiver == null ? _ -> {} : receiver::send;
        return new Alerts(properties, send, watched, registry, clock);
    }

    /** {@code ConditionalOnProperty} matches an empty value, which must count as unset. */
    static final class WebhookIsSet implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return StringUtils.hasText(context.getEnvironment().getProperty("ums.alerts.webhook-url"));
        }
    }
}
