package ums.observability.tracing;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Excludes tracing auto-configuration unless traces are exported, as unexported spans would cost each request and each
 * attempt.
 */
class WhereExported implements AutoConfigurationImportFilter, EnvironmentAware, Condition {

    private static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";
    private static final List<String> TRACING =
            List.of("org.springframework.boot.micrometer.tracing.", "org.springframework.boot.opentelemetry.");

    private @Nullable Environment environment;

    @Override
    public void setEnvironment(Environment environment) {
        this.environment = environment;
    }

    @Override
    public boolean[] match(@Nullable String[] candidates, AutoConfigurationMetadata metadata) {
        boolean exported = exported(environment);
        boolean[] included = new boolean[candidates.length];
        for (int i = 0; i < candidates.length; i++) {
            String candidate = candidates[i];
            included[i] = exported || candidate == null || TRACING.stream().noneMatch(candidate::startsWith);
        }
        return included;
    }

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return exported(context.getEnvironment());
    }

    private static boolean exported(@Nullable Environment environment) {
        return environment != null && StringUtils.hasText(environment.getProperty(ENDPOINT));
    }
}
