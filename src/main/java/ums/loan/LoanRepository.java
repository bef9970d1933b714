package ums.loan;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import ums.message.Idempotency;
import ums.message.Owner;

/** The SQL on loans and their history. */
@Repository
class LoanRepository {

    private final JdbcClient jdbc;

    LoanRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(Loan loan, @Nullable Idempotency idempotency) {
        NewLoan terms = loan.terms();
        jdbc.sql("""
                        insert into loan (id, client, test, contract_no, customer_id, customer_email, customer_name, language,
                            principal, status, created_at, updated_at, idempotency_key, request_hash)
                        values (:id, :client, :test, :contractNo, :customerId, :customerEmail, :customerName, :language,
                            :principal, :status, :at, :at, :key, :hash)
                        """)
                .param("id", loan.id())
                .param("client", loan.client())
                .param("test", loan.test())
                .param("contractNo", terms.contractNo())
                .param("customerId", terms.customerId())
                .param("customerEmail", terms.customerEmail())
                .param("customerName", terms.customerName())
                .param("language", terms.language().name())
                .param("principal", terms.principal())
                .param("status", loan.status().name())
                .param("at", loan.createdAt().atOffset(UTC))
                .param("key", idempotency == null ? null : idempotency.key(), Types.VARCHAR)
                .param("hash", idempotency == null ? null : idempotency.requestHash(), Types.BINARY)
                .update();
    }

    Optional<Loan> find(Owner owner, UUID id) {
        return jdbc.sql("select * from loan where id = :id and client = :client and test = :test")
                .param("id", id)
                .param("client", owner.client())
                .param("test", owner.test())
                .query((row, _) -> loan(row, "status", "updated_at"))
                .optional();
    }

    /** A loan of any client. */
    Optional<Loan> find(UUID id) {
        return jdbc.sql("select * from loan where id = :id")
                .param("id", id)
                .query((row, _) -> loan(row, "status", "updated_at"))
                .optional();
    }

    /** Newest first. */
    List<Loan> list(@Nullable UUID before, int limit) {
        return jdbc.sql("select * from loan where %s order by id desc limit :limit"
                        .formatted(before == null ? "true" : "id < :before"))
                .param("before", before)
                .param("limit", limit)
                .query((row, _) -> loan(row, "status", "updated_at"))
                .list();
    }

    /** @return false if the loan's status changed meanwhile */
    boolean move(Loan loan, LoanStatus to, Instant at) {
        return jdbc.sql("update loan set status = :to, updated_at = :at where id = :id and status = :from")
                        .param("to", to.name())
                        .param("at", at.atOffset(UTC))
                        .param("id", loan.id())
                        .param("from", loan.status().name())
                        .update()
                == 1;
    }

    void insert(UUID id, Loan loan, LoanChange change, @Nullable Idempotency idempotency) {
        jdbc.sql("""
                        insert into loan_history (id, loan_id, client, test, from_status, to_status, event, by, reason, at,
                            message_id, idempotency_key, request_hash)
                        values (:id, :loan, :client, :test, :from, :to, :event, :by, :reason, :at, :message, :key, :hash)
                        """)
                .param("id", id)
                .param("loan", loan.id())
                .param("client", loan.client())
                .param("test", loan.test())
                .param("from", change.from().name())
                .param("to", change.to().name())
                .param("event", change.event().name())
                .param("by", change.by())
                .param("reason", change.reason(), Types.VARCHAR)
                .param("at", change.at().atOffset(UTC))
                .param("message", change.messageId())
                .param("key", idempotency == null ? null : idempotency.key(), Types.VARCHAR)
                .param("hash", idempotency == null ? null : idempotency.requestHash(), Types.BINARY)
                .update();
    }

    /** Oldest first. */
    List<LoanChange> history(UUID loan) {
        return jdbc.sql("""
                        select from_status, to_status, event, by, reason, at, message_id from loan_history
                        where loan_id = :loan order by number
                        """).param("loan", loan).query((row, _) -> change(row)).list();
    }

    /** The application that used an idempotency key. */
    Optional<Earlier> findApplication(Owner owner, Idempotency idempotency) {
        // In its first status, whatever its status is now.
        return earlier("""
                        select l.*, '%s' as then_status, l.created_at as then_at, l.request_hash as then_hash
                        from loan l where l.client = :client and l.test = :test and l.idempotency_key = :key
                        """.formatted(LoanTransitions.FIRST), owner, idempotency);
    }

    /** The event that used an idempotency key. */
    Optional<Earlier> findChange(Owner owner, Idempotency idempotency) {
        return earlier("""
                        select l.*, h.to_status as then_status, h.at as then_at, h.request_hash as then_hash
                        from loan_history h join loan l on l.id = h.loan_id
                        where h.client = :client and h.test = :test and h.idempotency_key = :key
                        """, owner, idempotency);
    }

    private Optional<Earlier> earlier(String sql, Owner owner, Idempotency idempotency) {
        return jdbc.sql(sql)
                .param("client", owner.client())
                .param("test", owner.test())
                .param("key", idempotency.key())
                .query((row, _) -> new Earlier(loan(row, "then_status", "then_at"), row.getBytes("then_hash")))
                .optional();
    }

    private static Loan loan(ResultSet row, String status, String updatedAt) throws SQLException {
        return new Loan(
                row.getObject("id", UUID.class),
                row.getString("client"),
                row.getBoolean("test"),
                new NewLoan(
                        row.getString("contract_no"),
                        row.getString("customer_id"),
                        row.getString("customer_email"),
                        row.getString("customer_name"),
                        LoanLanguage.valueOf(row.getString("language")),
                        row.getLong("principal")),
                LoanStatus.valueOf(row.getString(status)),
                instant(row, "created_at"),
                instant(row, updatedAt));
    }

    private static LoanChange change(ResultSet row) throws SQLException {
        return new LoanChange(
                LoanStatus.valueOf(row.getString("from_status")),
                LoanStatus.valueOf(row.getString("to_status")),
                LoanEvent.valueOf(row.getString("event")),
                row.getString("by"),
                row.getString("reason"),
                instant(row, "at"),
                row.getObject("message_id", UUID.class));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** An earlier request with the same key: the loan after it, and its hash. */
    record Earlier(Loan loan, byte[] requestHash) {}
}
