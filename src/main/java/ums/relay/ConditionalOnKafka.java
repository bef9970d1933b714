package ums.relay;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;

/** Creates the bean only where {@code ums.kafka.bootstrap-servers} is set and not blank. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ConditionalOnExpression("!'${ums.kafka.bootstrap-servers:}'.isBlank()")
public @interface ConditionalOnKafka {}
