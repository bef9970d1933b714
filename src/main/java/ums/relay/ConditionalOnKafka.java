package ums.relay;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;

/** Only where {@code ums.kafka.bootstrap-servers} says where Kafka is. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ConditionalOnExpression("!'${ums.kafka.bootstrap-servers:}'.isBlank()")
public @interface ConditionalOnKafka {}
