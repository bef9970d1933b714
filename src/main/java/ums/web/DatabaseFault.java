package ums.web;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionTimedOutException;

/** Distinguishes a database that is unreachable or out of resources from a bug in UMS. */
public final class DatabaseFault {

    /** The problem that callers get for a temporary fault. */
    public static final Problem PROBLEM = Problem.of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "DATABASE_UNAVAILABLE",
            "The request may or may not have been accepted: repeat it with the same Idempotency-Key.");

    /**
     * SQLSTATE classes: connection, insufficient resources, operator intervention (shutdown, kill), I/O error, and
     * invalid transaction state (read-only).
     */
    private static final Set<String> CLASSES = Set.of("08", "53", "57", "58", "25");

    private DatabaseFault() {}

    /** True if the same request can succeed later. */
    public static boolean temporary(Throwable fault) {
        if (fault instanceof DataAccessResourceFailureException
                || fault instanceof CannotCreateTransactionException
                || fault instanceof TransactionTimedOutException
                || fault instanceof TransientDataAccessException
                || fault instanceof RecoverableDataAccessException) {
            return true;
        }
        // An exception without an SQLException is a programming error.
        SQLException sql = sql(fault);
        return sql != null
                && (sql.getSQLState() == null
                        || CLASSES.contains(sql.getSQLState().substring(0, 2)));
    }

    /** True for SQLSTATE 22021: a parameter holds NUL, which no text column can store. */
    public static boolean isInvalidText(Throwable fault) {
        SQLException sql = sql(fault);
        return sql != null && "22021".equals(sql.getSQLState());
    }

    /** For the log. Leaves out values, which may be the caller's data. */
    public static String describe(Throwable fault) {
        SQLException sql = sql(fault);
        return fault.getClass().getSimpleName() + (sql == null ? "" : ", SQLSTATE " + sql.getSQLState());
    }

    private static @Nullable SQLException sql(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException found) {
                return found;
            }
        }
        return null;
    }
}
