package ums.message;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import ums.logging.MessageLog.Subject;
import ums.provider.RecipientOutcome;

/** Continues a request's trace in the attempts to send its message. There is a bean of it if traces are exported. */
public interface TraceContext {

    /** Without tracing. */
    TraceContext NONE = new TraceContext() {

        @Override
        public @Nullable String current() {
            return null;
        }

        @Override
        public List<RecipientOutcome> attempt(Subject subject, Supplier<List<RecipientOutcome>> send) {
            return send.get();
        }
    };

    /** The calling thread's span as a W3C Trace Context {@code traceparent}, or null. */
    @Nullable String current();

    /** Runs an attempt as a span of the trace that is stored with its message, whichever process accepted it. */
    List<RecipientOutcome> attempt(Subject subject, Supplier<List<RecipientOutcome>> send);
}
