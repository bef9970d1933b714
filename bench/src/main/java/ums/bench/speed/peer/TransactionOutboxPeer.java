package ums.bench.speed.peer;

import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.Instantiator;
import com.gruelbox.transactionoutbox.Persistor;
import com.gruelbox.transactionoutbox.TransactionManager;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** transaction-outbox, which executes its backlog by flushing large batches to a pool of threads. */
final class TransactionOutboxPeer implements Peer {

    private static final int THREADS = 8;
    private static final int FLUSH = 4_096;
    private static final int BATCH = 1_000;
    private static final int REST = 50;

    private final DataSource database;
    private final TransactionManager transactions;
    private final TransactionOutbox outbox;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private volatile boolean working;
    private volatile Consumer<String> job = _ -> {};

    /** The interface that the library calls later. */
    interface Mail {
        void send(String text);
    }

    TransactionOutboxPeer(DataSource database) throws SQLException {
        this.database = database;
        transactions = TransactionManager.fromDataSource(database);
        outbox = TransactionOutbox.builder()
                .transactionManager(transactions)
                .persistor(Persistor.forDialect(Dialect.POSTGRESQL_9))
                .instantiator(Instantiator.using(_ -> (Mail) text -> job.accept(text)))
                .submitter((entry, local) -> {
                    if (working) {
                        threads.execute(() -> local.accept(entry));
                    }
                })
                .flushBatchSize(FLUSH)
                .attemptFrequency(Duration.ofMinutes(5))
                .build();
        execute("truncate txno_outbox");
    }

    @Override
    public void fill(int count, String text) {
        for (int first = 0; first < count; first += BATCH) {
            int size = Math.min(BATCH, count - first);
            transactions.inTransaction(() -> {
                for (int n = 0; n < size; n++) {
                    outbox.schedule(Mail.class).send(text);
                }
            });
        }
        try {
            // Otherwise it would wait, as a process that adds an entry usually executes it at once.
            execute("update txno_outbox set nextattempttime = now() - interval '1 minute'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void start(Consumer<String> todo) {
        job = todo;
        working = true;
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (true) {
                    if (!outbox.flush()) {
                        Thread.sleep(REST);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public String remaining() {
        return "select count(*) from txno_outbox";
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
