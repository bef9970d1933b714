package ums.observability.tracing;

import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.Slf4JEventListener;
import io.micrometer.tracing.propagation.Propagator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** What is added to Spring Boot's tracing, where traces are exported. */
@Configuration(proxyBeanMethods = false)
@Conditional(WhereExported.class)
class TracingConfiguration {

    @Bean
    CallerTrace callerTrace(Tracer tracer, Propagator propagator) {
        return new CallerTrace(tracer, propagator);
    }

    /** By ECS's names, as a line about a message has a {@code traceId} of its own: that of its caller. */
    @Bean
    Slf4JEventListener currentTraceInTheLog() {
        return new Slf4JEventListener("trace.id", "span.id");
    }
}
