package ums;

import java.util.Map;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/**
 * A real Kafka broker in this process, one for all tests of this JVM. It starts when the first test needs it and stops with the
 * JVM.
 */
public final class TestBroker {

    private TestBroker() {}

    /** The broker's address. */
    public static String address() {
        return Server.RUNNING.getBrokersAsString();
    }

    /** Starts a broker for one test only. */
    public static Own start() {
        return new Own(Server.start());
    }

    /** A broker for one test only. */
    public record Own(EmbeddedKafkaKraftBroker broker) implements AutoCloseable {

        public String address() {
            return broker.getBrokersAsString();
        }

        @Override
        public void close() {
            broker.destroy();
        }
    }

    private static final class Server {

        static final EmbeddedKafkaKraftBroker RUNNING = untilTheEnd();

        private static EmbeddedKafkaKraftBroker untilTheEnd() {
            EmbeddedKafkaKraftBroker broker = start();
            Runtime.getRuntime().addShutdownHook(new Thread(broker::destroy));
            return broker;
        }

        private static EmbeddedKafkaKraftBroker start() {
            EmbeddedKafkaKraftBroker broker = new EmbeddedKafkaKraftBroker(1, 1);
            broker.brokerProperties(Map.of(
                    "auto.create.topics.enable", "false",
                    "offsets.topic.num.partitions", "1",
                    "share.coordinator.state.topic.replication.factor", "1",
                    "share.coordinator.state.topic.min.isr", "1",
                    "share.coordinator.state.topic.num.partitions", "1",
                    "group.initial.rebalance.delay.ms", "0"));
            broker.afterPropertiesSet();
            return broker;
        }
    }
}
