package ums.database;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows an {@link UnusableDatabaseException} as a description and an action instead of a stack trace. */
final class DatabaseFailureAnalyzer extends AbstractFailureAnalyzer<UnusableDatabaseException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnusableDatabaseException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action(), rootFailure);
    }
}
