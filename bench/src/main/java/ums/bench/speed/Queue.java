package ums.bench.speed;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;

/** Counts UMS's queue through one connection, at little cost to the database. */
final class Queue implements AutoCloseable {

    /** Counting takes a twentieth of the time at most. */
    private static final int REST = 20;

    /** The condition before the column {@code open} existed; for pairs with such a jar. */
    private static final String OPEN_BEFORE =
            "not published and coalesce(not published or relayed_at is not null, true)";

    private static final long LEAST_REST = 5_000_000;
    private static final long PATIENCE = Stand.PATIENCE.toNanos();

    private final Connection connection;
    private final PreparedStatement waiting;

    Queue(Stand stand) throws IOException {
        try {
            connection = stand.open();
            waiting = connection.prepareStatement(
                    "select count(*) from outbox where " + (hasOpen() ? "open" : OPEN_BEFORE));
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    private boolean hasOpen() throws SQLException {
        try (ResultSet column = connection.getMetaData().getColumns(null, "public", "outbox", "open")) {
            return column.next();
        }
    }

    /** How many entries are not DONE. */
    long waiting() throws IOException {
        try (ResultSet row = waiting.executeQuery()) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /**
     * Waits until at most this many entries wait.
     *
     * @return how many wait
     */
    long awaitAtMost(long most) throws IOException {
        long start = System.nanoTime();
        while (true) {
            long before = System.nanoTime();
            long count = waiting();
            long now = System.nanoTime();
            if (count <= most) {
                return count;
            }
            if (now - start > PATIENCE) {
                throw new IOException(count + " are still waiting");
            }
            LockSupport.parkNanos(Math.max(LEAST_REST, REST * (now - before)));
        }
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }
}
