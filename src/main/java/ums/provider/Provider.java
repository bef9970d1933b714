package ums.provider;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import ums.channel.Content;
import ums.channel.Delivery;
import ums.lifecycle.VitalThread;

/**
 * How messages of a channel leave: one account at somebody who delivers them. Its {@link Account} says under which id it is
 * configured and what it may send.
 *
 * @param <C> the channel's content
 */
public interface Provider<C extends Content> extends AutoCloseable {

    /** The channel whose messages it takes. */
    String channel();

    /** Where messages go, for people: a host and port, or a name. Holds no secret. */
    String endpoint();

    /**
     * Makes one attempt and returns an outcome for each recipient of the delivery, in the delivery's order. Called by
     * the dispatcher on a virtual thread, outside any transaction; may block until the delivery's deadline. Errors
     * are outcomes: it throws nothing. It calls {@link Delivery#commit} once, right before its point of no return.
     */
    List<RecipientOutcome> send(Delivery<C> delivery);

    /** Whether it can send now; while it cannot, no message is begun with it. Called before each claim: no I/O. */
    default Availability availability() {
        return Availability.AVAILABLE;
    }

    /**
     * How many connections it may have open now: what is configured, or as many as the server was found to bear. Null where it has
     * none to bound. Called for each view and scrape: no I/O.
     */
    default @Nullable Connections connections() {
        return null;
    }

    /** Threads without which it cannot work, for the process's liveness. */
    default List<VitalThread> threads() {
        return List.of();
    }

    /** Ends kept connections. Called when nothing is being sent any more. */
    @Override
    default void close() {}

    /**
     * How many connections a provider may have open at once.
     *
     * @param allowed now: fewer than configured for a while after the server refused one beside others
     * @param most as configured
     */
    record Connections(int allowed, int most) {

        /** Whether the server bears fewer than are configured. */
        public boolean isReduced() {
            return allowed < most;
        }
    }

    /**
     * Whether a provider can send.
     *
     * @param available false while its circuit is open
     * @param reason why not, for people; empty where it is available
     * @param since when it became unavailable, or null
     */
    record Availability(
            boolean available, String reason, @Nullable Instant since) {

        /** The provider can send. */
        public static final Availability AVAILABLE = new Availability(true, "", null);
    }
}
