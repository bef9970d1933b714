package ums.delivery;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** For beans of processes that have the duty. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Conditional(ConditionalOnDuty.OnDuty.class)
public @interface ConditionalOnDuty {

    Duty value();

    /** Matches where the process has the duty. */
    final class OnDuty implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            var annotation = metadata.getAnnotationAttributes(ConditionalOnDuty.class.getName());
            return annotation != null
                    && annotation.get("value") instanceof Duty duty
                    && Duty.of(context.getEnvironment()).contains(duty);
        }
    }
}
