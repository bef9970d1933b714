package ums.relay;

/** Notifications about the relay and the workers, published as Spring events for metrics. */
public sealed interface KafkaNews {

    /** The broker acknowledged records. */
    record Published(String topic, int records) implements KafkaNews {}

    /** This worker took records and claimed so many entries by them; the other entries could not be claimed any more. */
    record Consumed(int records, int claimed) implements KafkaNews {}

    /** A record could not be read. */
    record Unreadable() implements KafkaNews {}

    /** Entries were relayed and unclaimed for too long, and are ready again. */
    record Rescued(int entries) implements KafkaNews {}

    /** How many entries are relayed and not claimed, as the relaying process last counted them. */
    record OnTopic(int entries) implements KafkaNews {}

    /** Kafka, or the database behind it, was out of reach during a poll. */
    record Fault(String part) implements KafkaNews {}
}
