package ums.observability.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import java.util.function.DoubleSupplier;

/**
 * Creates spans only for requests with a sampled trace: as the caller decided, or at random if the caller has no trace.
 * For the others Micrometer would create, enter and end a span that is discarded.
 */
final class SampledRequests extends PropagatingReceiverTracingObservationHandler<ReceiverContext<Object>> {

    private final double probability;
    private final DoubleSupplier chance;

    /**
     * @param probability the share of requests without a trace that start one, from 0 to 1
     * @param chance a random number from 0 (inclusive) to 1 (exclusive)
     */
    SampledRequests(Tracer tracer, Propagator propagator, double probability, DoubleSupplier chance) {
        super(tracer, propagator);
        this.probability = probability;
        this.chance = chance;
    }

    @Override
    public void onStart(ReceiverContext<Object> request) {
        // Later handlers expect the tracing context.
        getTracingContext(request);
        if (isSampled(request)) {
            super.onStart(request);
        }
    }

    private boolean isSampled(ReceiverContext<Object> request) {
        Object carrier = request.getCarrier();
        String given = carrier == null ? null : request.getGetter().get(carrier, Traceparent.HEADER);
        Traceparent caller = Traceparent.of(given);
        return caller == null ? chance.getAsDouble() < probability : caller.sampled();
    }

    @Override
    public void onStop(ReceiverContext<Object> request) {
        if (isSpan(request)) {
            super.onStop(request);
        }
    }

    @Override
    public void onError(ReceiverContext<Object> request) {
        if (isSpan(request)) {
            super.onError(request);
        }
    }

    @Override
    public void onEvent(Observation.Event event, ReceiverContext<Object> request) {
        if (isSpan(request)) {
            super.onEvent(event, request);
        }
    }

    @Override
    public void onScopeOpened(ReceiverContext<Object> request) {
        if (isSpan(request)) {
            super.onScopeOpened(request);
        }
    }

    @Override
    public void onScopeReset(ReceiverContext<Object> request) {
        if (isSpan(request)) {
            super.onScopeReset(request);
        }
    }

    @Override
    public void onScopeClosed(ReceiverContext<Object> request) {
        if (isSpan(request)) {
            super.onScopeClosed(request);
        }
    }

    private boolean isSpan(ReceiverContext<Object> request) {
        return getTracingContext(request).getSpan() != null;
    }
}
