package ums.observability.tracing;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import ums.channel.ErrorType;
import ums.logging.MessageLog.Subject;
import ums.message.TraceContext;
import ums.provider.RecipientOutcome;
import ums.provider.Reply;

/**
 * Continues the caller's trace with OpenTelemetry: each attempt is a span of it, even minutes later in another process.
 */
final class CallerTrace implements TraceContext {

    private final Tracer tracer;
    private final Propagator propagator;

    CallerTrace(Tracer tracer, Propagator propagator) {
        this.tracer = tracer;
        this.propagator = propagator;
    }

    @Override
    public @Nullable String current() {
        Span span = tracer.currentSpan();
        if (span == null) {
            return callersTraceparent();
        }
        Map<String, String> carrier = new HashMap<>();
        propagator.inject(span.context(), carrier, (_, key, value) -> carrier.put(key, value));
        return carrier.get(Traceparent.HEADER);
    }

    /** The caller's unsampled traceparent: it has no spans here, but the log names it. */
    private static @Nullable String callersTraceparent() {
        if (!(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)) {
            return null;
        }
        Traceparent caller = Traceparent.of(attributes.getRequest().getHeader(Traceparent.HEADER));
        return caller == null ? null : caller.text();
    }

    @Override
    public List<RecipientOutcome> attempt(Subject subject, Supplier<List<RecipientOutcome>> send) {
        Traceparent caller = Traceparent.of(subject.traceparent());
        if (caller == null || !caller.sampled()) {
            return send.get();
        }
        Span span = propagator
                .extract(caller.text(), (carrier, key) -> Traceparent.HEADER.equals(key) ? carrier : null)
                .name("send " + subject.channel())
                .kind(Span.Kind.CLIENT)
                .tag("ums.message.id", subject.messageId().toString())
                .tag("ums.outbox.id", subject.outboxId())
                .tag("ums.attempt", subject.attemptCount())
                .start();
        try (Tracer.SpanInScope _ = tracer.withSpan(span)) {
            List<RecipientOutcome> outcomes = send.get();
            tagOutcome(span, outcomes);
            return outcomes;
        } catch (RuntimeException e) {
            span.error(e);
            throw e;
        } finally {
            span.end();
        }
    }

    /**
     * Tags the first failed outcome, or the first. The provider's text may repeat an address, so only its code is
     * tagged.
     */
    private static void tagOutcome(Span span, List<RecipientOutcome> outcomes) {
        RecipientOutcome tagged = outcomes.stream()
                .filter(it -> it.outcome().errorType() != null)
                .findFirst()
                .orElse(outcomes.getFirst());
        ErrorType error = tagged.outcome().errorType();
        Reply reply = tagged.outcome().answer();
        span.tag("ums.outcome", error == null ? "SENT" : error.name());
        if (reply != null) {
            span.tag("ums.provider.code", reply.code());
        }
        if (error != null) {
            span.tag("error", "true");
        }
    }
}
