package ums.relay;

/** What the relay and the workers did, published as Spring events for the meters. */
public sealed interface KafkaActivity {

    /** The broker acknowledged records. */
    record Published(String topic, int records) implements KafkaActivity {}

    /** This worker took records and claimed this many of their entries; the others could not be claimed any more. */
    record Consumed(int records, int claimed) implements KafkaActivity {}

    /** A record could not be read. */
    record Unreadable() implements KafkaActivity {}

    /** Entries were relayed and unclaimed for too long, and are ready again. */
    record Rescued(int entries) implements KafkaActivity {}

    /** How many entries are relayed and not claimed, as the relaying process last counted them. */
    record OnTopic(int entries) implements KafkaActivity {}

    /** Kafka, or the database behind it, was out of reach during a poll. */
    record Fault(String part) implements KafkaActivity {}
}
