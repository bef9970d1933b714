package ums.relay;

import com.zaxxer.hikari.HikariDataSource;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import ums.clock.ClockSkew;
import ums.delivery.ConditionalOnDuty;
import ums.delivery.DispatchProperties;
import ums.delivery.Duty;
import ums.queue.DueEntries;
import ums.queue.Queue;
import ums.queue.RelayedQueue;

/** Puts the way over Kafka together, where there is one. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnKafka
class RelayConfiguration {

    /** Every connection of this process has changes of status written down as events. */
    @Bean
    static BeanPostProcessor eventsSwitchedOn() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                if (bean instanceof HikariDataSource pool) {
                    String before = pool.getConnectionInitSql();
                    String on = "set ums.events = 'on'";
                    pool.setConnectionInitSql(before == null ? on : before + "; " + on);
                }
                return bean;
            }
        };
    }

    @Bean
    KafkaClients kafkaClients(KafkaProperties properties) {
        return new KafkaClients(properties);
    }

    @Bean
    KafkaBroker kafkaBroker(KafkaClients clients) {
        return new KafkaBroker(clients);
    }

    @Bean
    @ConditionalOnDuty(Duty.SEND)
    KafkaClaims kafkaClaims(
            RelayedQueue orders, KafkaClients clients, ApplicationEventPublisher news, DispatchProperties properties) {
        return new KafkaClaims(orders, clients, news, properties.concurrency(), properties.pollInterval());
    }

    /** What moves orders and events to Kafka. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnDuty(Duty.RELAY)
    static class Relaying {

        @Bean
        Relay relay(
                RelayedQueue orders,
                Queue outbox,
                EventRepository events,
                RelayLease lease,
                KafkaClients clients,
                ApplicationEventPublisher news,
                Clock clock,
                ClockSkew skew,
                DispatchProperties properties) {
            String owner = ManagementFactory.getRuntimeMXBean().getName() + "/"
                    + HexFormat.of().toHexDigits(new SecureRandom().nextInt());
            DueEntries due = new DueEntries(outbox, skew::agrees);
            return new Relay(orders, due, events, lease, clients, news, clock, owner, properties.staleAfter());
        }

        @Bean
        RelayLoop relayLoop(Relay relay, ApplicationEventPublisher news) {
            return new RelayLoop(relay, news);
        }
    }
}
