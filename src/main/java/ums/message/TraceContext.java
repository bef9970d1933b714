package ums.message;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import ums.channel.RecipientOutcome;
import ums.logging.MessageLog.Subject;

/** The caller's trace, from the request to the provider's answer. There is a bean of it where traces are exported. */
public interface TraceContext {

    /** Where nothing is traced, nothing is kept. */
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

    /** The calling thread's place in its trace, as W3C Trace Context writes it ({@code traceparent}), or null. */
    @Nullable String current();

    /** Makes an attempt as a part of the trace that was kept with its message, whatever process took the request. */
    List<RecipientOutcome> attempt(Subject subject, Supplier<List<RecipientOutcome>> send);
}
