package ums.bench.speed.peer;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.sql.DataSource;
import ums.bench.speed.Backlog;

/**
 * Runs a peer in a process of its own: adds the jobs, reports that it is ready, and executes all of them after a line on its
 * input. It reports when it is warm and when it is done.
 */
public final class PeerMain {

    /** All peers. */
    public static final List<String> NAMES = List.of("db-scheduler", "transaction-outbox");

    public static final String READY = "READY";
    public static final String WARM = "WARM";
    public static final String DONE = "DONE";

    private static final int POOL = 24;

    private PeerMain() {}

    /** The name of a peer's database. */
    public static String database(String peer) {
        return peer.replace('-', '_');
    }

    /**
     * @param words name, the database's port and user, the SMTP server's port, how mails are rendered, the number of jobs to
     *     warm up and to measure; the database's password is in the environment
     */
    public static void main(String[] words) throws IOException, SQLException, InterruptedException {
        HikariConfig config = new HikariConfig();
        // Lets the driver rewrite a batch into one statement, as the peers insert in batches.
        config.setJdbcUrl(
                "jdbc:postgresql://127.0.0.1:%s/%s?reWriteBatchedInserts=true".formatted(words[1], database(words[0])));
        config.setUsername(words[2]);
        config.setPassword(System.getenv("PGPASSWORD"));
        config.setMaximumPoolSize(POOL);
        Consumer<String> mailer = new Mailer(Integer.parseInt(words[3]), words[4].equals("rendered"));
        int warmUp = Integer.parseInt(words[5]);
        int all = warmUp + Integer.parseInt(words[6]);
        try (HikariDataSource database = new HikariDataSource(config)) {
            Peer peer =
                    words[0].equals("db-scheduler") ? new DbScheduler(database) : new TransactionOutboxPeer(database);
            peer.fill(all, (Backlog.LINE + "\r\n").repeat(Backlog.MAIL_OF_2_KB));
            System.out.println(READY);
            if (System.in.read() < 0) {
                return;
            }
            AtomicInteger done = new AtomicInteger();
            peer.start(text -> {
                mailer.accept(text);
                if (done.incrementAndGet() == warmUp) {
                    System.out.println(WARM);
                }
            });
            while (done.get() < all || number(database, peer.remaining()) > 0) {
                Thread.sleep(5);
            }
            System.out.println(DONE);
            // The starting process kills it.
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    private static long number(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
