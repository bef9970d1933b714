package ums.delivery;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.springframework.core.env.Environment;

/** What a process has to do besides answering HTTP. */
public enum Duty {
    /** It sends what it claims. */
    SEND,
    /** It moves orders and events to Kafka. */
    RELAY,
    /** It takes back stale claims, ends what has expired and removes what is old. */
    MAINTENANCE,
    /** It claims from the queue itself, as there is no Kafka. */
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
            // ALL; what is none of them stops the start.
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
