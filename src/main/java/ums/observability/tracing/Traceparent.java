package ums.observability.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place in a trace, as callers write it (W3C Trace Context, section 3.2).
 *
 * @param text as it was written, without what a version to come may add to it
 * @param sampled whether anybody keeps what is told of this trace
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

    /** Reads one; null where there is none, or what is there means nothing. */
    static @Nullable Traceparent of(@Nullable String text) {
        if (text == null) {
            return null;
        }
        SpanContext place = Span.fromContext(
                        W3CTraceContextPropagator.getInstance().extract(Context.root(), text, ONLY))
                .getSpanContext();
        return place.isValid() ? new Traceparent(text.substring(0, LENGTH), place.isSampled()) : null;
    }
}
