package ums.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;

/** Sends records to Kafka in batches, over one producer that is opened when it is needed. Not thread-safe. */
final class RecordPublisher {

    private final KafkaClients clients;
    private final ApplicationEventPublisher notifications;
    private @Nullable Producer<String, byte[]> producer;

    RecordPublisher(KafkaClients clients, ApplicationEventPublisher notifications) {
        this.clients = clients;
        this.notifications = notifications;
    }

    /** Opens a producer unless one is open. */
    void connect() throws InterruptedException {
        if (producer == null) {
            clients.prepareBroker();
            producer = clients.producer();
        }
    }

    /** Hands a batch to the producer without waiting for the broker. Call {@link #connect} before. */
    <T> Batch<T> send(List<T> all, Function<T, ProducerRecord<String, byte[]>> record) {
        return new Batch<>(all, record, connected());
    }

    void flush() {
        connected().flush();
    }

    /** Waits for the broker's acknowledgements of a batch, and has the acknowledged ones written down. */
    <T> void record(String topic, Batch<T> batch, Consumer<List<T>> write) throws InterruptedException {
        List<T> acknowledged = batch.acknowledged();
        if (!acknowledged.isEmpty()) {
            write.accept(acknowledged);
            notifications.publishEvent(new KafkaActivity.Published(topic, acknowledged.size()));
        }
    }

    /** Closes the producer at once; {@link #connect} opens another. */
    void close() {
        Producer<String, byte[]> open = producer;
        producer = null;
        if (open != null) {
            open.close(Duration.ZERO);
        }
    }

    private Producer<String, byte[]> connected() {
        if (producer == null) {
            throw new IllegalStateException("not connected");
        }
        return producer;
    }

    /** Records that were handed to the producer together. */
    static final class Batch<T> {

        private final List<T> all;
        private final List<Future<?>> answers = new ArrayList<>();
        private @Nullable Throwable error;

        private Batch(List<T> all, Function<T, ProducerRecord<String, byte[]>> record, Producer<String, byte[]> to) {
            this.all = all;
            for (T each : all) {
                Future<?> answer = to.send(record.apply(each));
                answers.add(answer);
                if (answer.state() == Future.State.FAILED) {
                    // Each of the others would block for as long, in vain.
                    break;
                }
            }
        }

        int size() {
            return all.size();
        }

        private List<T> acknowledged() throws InterruptedException {
            List<T> acknowledged = new ArrayList<>(answers.size());
            for (int i = 0; i < answers.size(); i++) {
                try {
                    answers.get(i).get();
                    acknowledged.add(all.get(i));
                } catch (ExecutionException e) {
                    error = e.getCause();
                }
            }
            return acknowledged;
        }

        /**
         * Throws where the broker did not acknowledge all of it. Call it after {@link RecordPublisher#record}.
         *
         * @throws KafkaException with the last cause
         */
        void check() {
            if (error != null) {
                throw new KafkaException("the broker did not take all records", error);
            }
        }
    }
}
