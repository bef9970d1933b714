package ums.sandbox;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows, instead of a stack trace, which port is taken and what to do. */
final class InboxPortFailureAnalyzer extends AbstractFailureAnalyzer<InboxPortUnavailableException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InboxPortUnavailableException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Stop what listens on port " + cause.port() + ", or start with another one: --ums.inbox.port=0 takes"
                        + " any that is free. With ums.email.smtp.host set the inbox does not listen at all.",
                cause);
    }
}
