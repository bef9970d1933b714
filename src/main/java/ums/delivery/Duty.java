package ums.delivery;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.springframework.core.env.Environment;

/** What a process does besides answering HTTP. */
public enum Duty {
    /** It claims entries and sends them. */
    SEND,
    /** It relays entries and events to Kafka. */
    RELAY,
    /** It rescues stale claims, expires messages and removes old rows. */
    MAINTENANCE,
    /** It claims from the queue itself, not from Kafka. */
    CLAIM_DIRECTLY;

    /** The property that switches Kafka on. */
    static final String KAFKA = "ums.kafka.bootstrap-servers";

    /** By {@code ums.role} and {@code ums.kafka.bootstrap-servers}. */
    static Set<Duty> of(Environment environment) {
        boolean kafka = !environment.getProperty(KAFKA, "").isBlank();
        Set<Duty> duties = switch (environment.getProperty("ums.role", "all").toUpperCase(Locale.ROOT)) {
            case "API" -> EnumSet.noneOf(Duty.class);
            case "WORKER" -> EnumSet.of(SEND, MAINTENANCE);
            case "RELAY" -> EnumSet.of(RELAY, MAINTENANCE);
            // ALL; an unknown role stops the start.
            default -> EnumSet.of(SEND, RELAY, MAINTENANCE);
        };
        if (!kafka) {
            duties.remove(RELAY);
            if (duties.contains(SEND)) {
                duties.add(CLAIM_DIRECTLY);
            }
        }
        return duties;
    }
}
