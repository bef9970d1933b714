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

/** Tells a database that is out of reach or out of room from a fault of ours. */
public final class DatabaseFault {

    /** What the caller is told. */
    public static final Problem PROBLEM = Problem.of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "DATABASE_UNAVAILABLE",
            "The request may or may not have been accepted: repeat it with the same Idempotency-Key.");

    /** Connection, operator intervention (shutting down, killed), insufficient resources, I/O error, read-only. */
    private static final Set<String> CLASSES = Set.of("08", "53", "57", "58", "25");

    private DatabaseFault() {}

    /** True where the same request can succeed later. */
    public static boolean temporary(Throwable fault) {
        if (fault instanceof DataAccessResourceFailureException
                || fault instanceof CannotCreateTransactionException
                || fault instanceof TransactionTimedOutException
                || fault instanceof TransientDataAccessException
                || fault instanceof RecoverableDataAccessException) {
            return true;
        }
        // Where no database had a say, somebody called wrongly.
        SQLException sql = sql(fault);
        return sql != null
                && (sql.getSQLState() == null
                        || CLASSES.contains(sql.getSQLState().substring(0, 2)));
    }

    /** True where somebody looks for a text that no row can have, as it holds NUL. */
    public static boolean noText(Throwable fault) {
        SQLException sql = sql(fault);
        return sql != null && "22021".equals(sql.getSQLState());
    }

    /** For the log: without values, which could be a caller's. */
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
