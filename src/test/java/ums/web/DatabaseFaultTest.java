package ums.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.TransactionSystemException;

/** Distinguishes temporary database faults, which callers should retry, from programming errors. */
class DatabaseFaultTest {

    static Stream<Arguments> faults() {
        return Stream.of(
                arguments(new CannotGetJdbcConnectionException("no connection"), true),
                arguments(new CannotCreateTransactionException("no connection"), true),
                arguments(new DataAccessResourceFailureException("not read for too long"), true),
                arguments(new QueryTimeoutException("too slow"), true),
                arguments(new UncategorizedSQLException("insert", null, new SQLException("shut down", "57P01")), true),
                arguments(new UncategorizedSQLException("insert", null, new SQLException("closed")), true),
                arguments(new TransactionSystemException("commit", new SQLException("cut off", "08006")), true),
                arguments(new DataIntegrityViolationException("insert", new SQLException("twice", "23505")), false),
                arguments(new BadSqlGrammarException("select", "selekt", new SQLException("what", "42601")), false),
                arguments(new EmptyResultDataAccessException(1), false),
                arguments(new InvalidDataAccessApiUsageException("a parameter is missing"), false),
                arguments(new IllegalTransactionStateException("none is open"), false));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void isTemporaryIfTheDatabaseIsUnavailableAndNotForAnInvalidStatement(Exception fault, boolean temporary) {
        assertThat(DatabaseFault.temporary(fault)).isEqualTo(temporary);
    }
}
