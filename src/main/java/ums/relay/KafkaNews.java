package ums.relay;

/** What goes on between the outbox and Kafka, for those who count it. */
public sealed interface KafkaNews {

    /** Records were acknowledged by the broker. */
    record Published(String topic, int records) implements KafkaNews {}

    /** Records were taken by this worker, and so many orders claimed by them; the others had nothing to claim any more. */
    record Consumed(int records, int claimed) implements KafkaNews {}

    /** A record could not be read. */
    record Unreadable() implements KafkaNews {}

    /** Orders were on the topic for too long and are ready again. */
    record TakenBack(int orders) implements KafkaNews {}

    /** How many orders are on the topic and not claimed, as the process that relays last counted them. */
    record OnTopic(int orders) implements KafkaNews {}

    /** Kafka, or the database behind it, was out of reach for a turn. */
    record Fault(String part) implements KafkaNews {}
}
