package ums.sandbox;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows a {@link SandboxException} as a description and an action instead of a stack trace. Called by Spring Boot. */
class SandboxFailureAnalyzer extends AbstractFailureAnalyzer<SandboxException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, SandboxException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action(), rootFailure);
    }
}
