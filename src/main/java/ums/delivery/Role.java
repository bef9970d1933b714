package ums.delivery;

/** What a process does ({@code ums.role}). */
enum Role {
    /** Answers HTTP, and claims and sends; with Kafka it relays too. */
    ALL,
    /** Answers HTTP only. */
    API,
    /** Claims and sends. */
    WORKER,
    /** Relays entries to Kafka; refused without Kafka. */
    RELAY
}
