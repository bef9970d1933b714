package ums.relay;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** The broker's health: how many of its nodes answer. */
public class KafkaBroker implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final KafkaClients clients;
    private @Nullable Admin admin;

    KafkaBroker(KafkaClients clients) {
        this.clients = clients;
    }

    /**
     * How many nodes the cluster has; waits two seconds at most.
     *
     * @throws KafkaException where no broker answers
     */
    public synchronized int nodes() throws InterruptedException {
        Admin open = admin;
        if (open == null) {
            open = clients.admin(TIMEOUT);
            admin = open;
        }
        try {
            return open.describeCluster().nodes().get().size();
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        }
    }

    @Override
    public synchronized void close() {
        Admin open = admin;
        if (open != null) {
            open.close(Duration.ZERO);
        }
    }
}
