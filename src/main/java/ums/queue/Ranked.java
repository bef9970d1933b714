package ums.queue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.UUID;

/** A claim with its priority. RETURNING guarantees no order, so claims are sorted. */
record Ranked(int priority, Claim claim) {

    static final Comparator<Ranked> ORDER = Comparator.comparingInt(Ranked::priority)
            .thenComparingLong(it -> it.claim().outboxId());

    /** Reads a row with a claim's columns and the priority. */
    static Ranked of(ResultSet row) throws SQLException {
        return new Ranked(row.getInt("priority"), claim(row));
    }

    /** Reads a row with a claim's columns. */
    static Claim claim(ResultSet row) throws SQLException {
        return new Claim(
                row.getLong("id"),
                row.getObject("aggregate_id", UUID.class),
                row.getString("channel"),
                row.getObject("claim_token", UUID.class),
                row.getInt("attempt_count"),
                row.getObject("processing_started_at", OffsetDateTime.class).toInstant(),
                row.getString("provider"));
    }
}
