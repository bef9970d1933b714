package ums.bench;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One mail that the SMTP server read up to the final dot. */
final class Take {

    private final UUID message;
    private final int process;
    private final long octets;
    private final Instant at;
    private final Behaviour behaviour;
    private volatile @Nullable Instant acknowledgedAt;

    /**
     * @param message the UUID in its Message-ID
     * @param process the number of the UMS process that sent it
     * @param octets how long the mail was
     * @param at when the server decided
     */
    Take(UUID message, int process, long octets, Instant at, Behaviour behaviour) {
        this.message = message;
        this.process = process;
        this.octets = octets;
        this.at = at;
        this.behaviour = behaviour;
    }

    /** The 250 was written whole and at once. */
    void acknowledged() {
        acknowledgedAt = Instant.now();
    }

    UUID message() {
        return message;
    }

    int process() {
        return process;
    }

    long octets() {
        return octets;
    }

    Instant at() {
        return at;
    }

    /** False where the server read it and did not take responsibility. */
    boolean taken() {
        return behaviour.takes();
    }

    /** Whether the server itself left the sender in doubt: it misbehaved, or was taken down at that moment. */
    boolean leftInDoubt(List<Fault> faults) {
        return behaviour != Behaviour.ORDERLY
                || faults.stream()
                        .anyMatch(fault -> fault.kind() == Fault.Kind.SMTP_DOWN
                                && at.isAfter(fault.from().minusSeconds(1))
                                && at.isBefore(fault.until()));
    }

    /** Whether the sender could read a 250 in time, if nothing was done to it. */
    boolean isAcknowledged() {
        return acknowledgedAt != null;
    }

    @Override
    public String toString() {
        return "%s process %d %s%s, %d octets, %s"
                .formatted(
                        at,
                        process,
                        taken() ? "taken, " : "not taken, ",
                        behaviour,
                        octets,
                        acknowledgedAt == null ? "no 250 delivered" : "250 written at " + acknowledgedAt);
    }
}
