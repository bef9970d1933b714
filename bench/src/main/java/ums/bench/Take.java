package ums.bench;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A mail that the SMTP server read up to the final dot. */
final class Take {

    private final UUID message;
    private final String server;
    private final int process;
    private final long octets;
    private final Instant at;
    private final Behaviour behaviour;
    private volatile @Nullable Instant acknowledgedAt;

    /**
     * @param message the UUID in its Message-ID
     * @param server the name of the server that read it
     * @param process the number of the UMS process that sent it
     * @param octets the mail's length
     * @param at when the server decided whether to accept it
     */
    Take(UUID message, String server, int process, long octets, Instant at, Behaviour behaviour) {
        this.message = message;
        this.server = server;
        this.process = process;
        this.octets = octets;
        this.at = at;
        this.behaviour = behaviour;
    }

    /** Called after the complete 250 was written without a delay. */
    void acknowledged() {
        acknowledgedAt = Instant.now();
    }

    UUID message() {
        return message;
    }

    String server() {
        return server;
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

    /** Whether the server accepted responsibility for the mail. */
    boolean taken() {
        return behaviour.takes();
    }

    /** Whether the outcome is unknown because of the server: it misbehaved, or went down at that moment. */
    boolean leftInDoubt(List<Fault> faults) {
        return behaviour != Behaviour.ORDERLY
                || faults.stream()
                        .anyMatch(fault -> fault.kind() == Fault.Kind.SMTP_DOWN
                                && server.equals(fault.server())
                                && at.isAfter(fault.from().minusSeconds(1))
                                && at.isBefore(fault.until()));
    }

    /** Whether a sender without faults received the 250 in time. */
    boolean isAcknowledged() {
        return acknowledgedAt != null;
    }

    @Override
    public String toString() {
        return "%s process %d at %s %s%s, %d octets, %s"
                .formatted(
                        at,
                        process,
                        server,
                        taken() ? "taken, " : "not taken, ",
                        behaviour,
                        octets,
                        acknowledgedAt == null ? "no 250 delivered" : "250 written at " + acknowledgedAt);
    }
}
