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

/** The beans of the relay and of Kafka's workers, where Kafka is configured. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnKafka
class RelayConfiguration {

    /**
     * Lets every connection of this process write status changes as events; a database setting switches the trigger on.
     */
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
            RelayedQueue relayed,
            KafkaClients clients,
            ApplicationEventPublisher notifications,
            DispatchProperties properties) {
        return new KafkaClaims(relayed, clients, notifications, properties.concurrency(), properties.pollInterval());
    }

    /** The relay of entries and events to Kafka. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnDuty(Duty.RELAY)
    static class Relaying {

        @Bean
        Relay relay(
                RelayedQueue relayed,
                Queue queue,
                EventRepository events,
                RelayLease lease,
                KafkaClients clients,
                ApplicationEventPublisher notifications,
                Clock clock,
                ClockSkew skew,
                DispatchProperties properties) {
            String owner = ManagementFactory.getRuntimeMXBean().getName() + "/"
                    + HexFormat.of().toHexDigits(new SecureRandom().nextInt());
            DueEntries due = new DueEntries(queue, skew::agrees);
            return new Relay(
                    new TopicBacklog(relayed, properties.staleAfter(), notifications),
                    due,
                    events,
                    new LeaseHolder(lease, owner),
                    new RecordPublisher(clients, notifications),
                    clock);
        }

        @Bean
        RelayLoop relayLoop(Relay relay, ApplicationEventPublisher notifications) {
            return new RelayLoop(relay, notifications);
        }
    }
}
