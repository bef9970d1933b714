package ums.observability.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A caller's {@code traceparent} (W3C Trace Context, section 3.2).
 *
 * @param text the header's value, without fields that future versions may append
 * @param sampled whether the caller samples this trace
 */
record Traceparent(String text, boolean sampled) {

    static final String HEADER = "traceparent";

    private static final int LENGTH = 55;

    private static final TextMapGetter<String> ONLY = new TextMapGetter<>() {

        @Override
        public Iterable<String> keys(String text) {
            return List.of(HEADER);
        }

        @Override
        public @Nullable String get(@Nullable String text, String key) {
            return HEADER.equals(key) ? text : null;
        }
    };

    /** Parses a header; null if it is absent or invalid. */
    static @Nullable Traceparent of(@Nullable String text) {
        if (text == null) {
            return null;
        }
        SpanContext context = Span.fromContext(
                        W3CTraceContextPropagator.getInstance().extract(Context.root(), text, ONLY))
                .getSpanContext();
        return context.isValid() ? new Traceparent(text.substring(0, LENGTH), context.isSampled()) : null;
    }
}
