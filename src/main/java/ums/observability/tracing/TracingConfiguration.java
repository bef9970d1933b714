package ums.observability.tracing;

import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.Slf4JEventListener;
import io.micrometer.tracing.propagation.Propagator;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.TracingProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** What is added to Spring Boot's tracing, where traces are exported. */
@Configuration(proxyBeanMethods = false)
@Conditional(WhereExported.class)
class TracingConfiguration {

    @Bean
    CallerTrace callerTrace(Tracer tracer, Propagator propagator) {
        return new CallerTrace(tracer, propagator);
    }

    /** Decides alone: a sampler of OpenTelemetry's takes what it lets through, see application.yaml. */
    @Bean
    @Order(MicrometerTracingAutoConfiguration.RECEIVER_TRACING_OBSERVATION_HANDLER_ORDER)
    SampledRequests sampledRequests(Tracer tracer, Propagator propagator, TracingProperties properties) {
        return new SampledRequests(
                tracer,
                propagator,
                properties.getSampling().getProbability(),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    /** By ECS's names, as a line about a message has a {@code traceId} of its own: that of its caller. */
    @Bean
    Slf4JEventListener currentTraceInTheLog() {
        return new Slf4JEventListener("trace.id", "span.id");
    }
}
