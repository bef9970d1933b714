package ums.delivery;

/** What a process does ({@code ums.role}). */
enum Role {
    /** HTTP, and claims and sends; with Kafka it relays too. */
    ALL,
    /** HTTP only. */
    API,
    /** Claims and sends. */
    WORKER,
    /** Moves orders to Kafka; refused where there is none. */
    RELAY
}
