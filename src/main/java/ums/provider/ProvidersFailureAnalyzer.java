package ums.provider;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows an {@link InvalidProvidersException} as a description and an action instead of a stack trace. */
final class ProvidersFailureAnalyzer extends AbstractFailureAnalyzer<InvalidProvidersException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidProvidersException cause) {
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()),
                "Correct the property. Accounts are ums.providers.<id>.*, routes are ums.routes.<channel>: a, b.",
                rootFailure);
    }
}
