package ums.delivery;

import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import ums.message.DirectClaims;
import ums.queue.Claimant;

/** Reserves free permits for entries that are claimed on insert, while no entry waits in the queue. */
final class DirectDispatch implements DirectClaims {

    private static final Logger log = LoggerFactory.getLogger(DirectDispatch.class);

    private final Dispatcher dispatcher;
    private final Claims claims;

    DirectDispatch(Dispatcher dispatcher, Claims claims) {
        this.dispatcher = dispatcher;
        this.claims = claims;
    }

    @Override
    public @Nullable Reservation reserve(int wanted) {
        int granted = dispatcher.reserve(wanted);
        return granted == 0
                ? null
                : new ReservedPermits(
                        granted, UUID.randomUUID(), claims.claimant().with(dispatcher.allowances()), claims.lease());
    }

    private final class ReservedPermits implements Reservation {

        private final int size;
        private final UUID token;
        private final Claimant claimant;
        private final BooleanSupplier lease;

        private ReservedPermits(int size, UUID token, Claimant claimant, BooleanSupplier lease) {
            this.size = size;
            this.token = token;
            this.claimant = claimant;
            this.lease = lease;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public UUID token() {
            return token;
        }

        @Override
        public Claimant claimant() {
            return claimant;
        }

        @Override
        public void begin(List<Claimed> claimed) {
            dispatcher.release(size - claimed.size());
            int unstarted = 0;
            for (Claimed each : claimed) {
                unstarted += dispatcher.start(new ClaimedMessage(each.claim(), each.message(), lease)) ? 0 : 1;
            }
            if (unstarted > 0) {
                // They are accepted, and another process rescues their claims.
                log.warn("{} messages were accepted while this process stopped; others send them", unstarted);
            }
        }

        @Override
        public void cancel() {
            dispatcher.release(size);
        }

        @Override
        public void unanswered() {
            claims.addUnanswered(token, lease, size);
        }
    }
}
