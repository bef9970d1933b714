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

/** Additions to Spring Boot's tracing, if traces are exported. */
@Configuration(proxyBeanMethods = false)
@Conditional(WhereExported.class)
class TracingConfiguration {

    @Bean
    CallerTrace callerTrace(Tracer tracer, Propagator propagator) {
        return new CallerTrace(tracer, propagator);
    }

    /** The only sampling decision: OpenTelemetry's sampler follows it, see application.yaml. */
    @Bean
    @Order(MicrometerTracingAutoConfiguration.RECEIVER_TRACING_OBSERVATION_HANDLER_ORDER)
    SampledRequests sampledRequests(Tracer tracer, Propagator propagator, TracingProperties properties) {
        return new SampledRequests(
                tracer,
                propagator,
                properties.getSampling().getProbability(),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    /** ECS field names, as {@code traceId} in a line about a message is the trace of the message's caller. */
    @Bean
    Slf4JEventListener currentTraceInTheLog() {
        return new Slf4JEventListener("trace.id", "span.id");
    }
}
