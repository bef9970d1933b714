package ums.dispatch;

import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import ums.channel.MessageSender;
import ums.clock.ClockSkew;
import ums.clock.Clocks;
import ums.database.DirectConnections;
import ums.message.DeliveryProperties;
import ums.message.Expiry;
import ums.message.MessageRepository;
import ums.message.OnUnknown;
import ums.message.SendingRule;
import ums.message.TraceContext;
import ums.outbox.Claimant;
import ums.outbox.DueOrders;
import ums.outbox.Orphans;
import ums.outbox.OutboxService;
import ums.outbox.Pace;
import ums.outbox.RelayedOutbox;
import ums.retention.Retention;
import ums.sandbox.EmbeddedPostgres;

/** Puts the dispatcher together, in every process whose role it is. */
@Configuration(proxyBeanMethods = false)
class DispatchConfiguration {

    /** On the attempt's own virtual thread: while the database is away there is nothing to wait for but time. */
    private static final Duration BETWEEN_SETTLEMENTS = Duration.ofSeconds(1);

    /** What large contents may take while they are sent. */
    private static final int OF_THE_HEAP = 4;

    DispatchConfiguration(@Value("${ums.role:all}") Role role, @Value("${" + Duty.KAFKA + ":}") String kafka) {
        if (role == Role.RELAY && kafka.isBlank()) {
            throw new IllegalArgumentException("ums.role relay needs " + Duty.KAFKA);
        }
    }

    /** Outside the pool, and with answers that may take no longer than the silence that would bury this process. */
    private static Heartbeat.Connections connections(
            DirectConnections database, DispatchProperties properties, String name) {
        return () -> database.open(name, properties.heartbeatTimeout().dividedBy(3));
    }

    /** What settles attempts, one's own or those of the dead. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnDuty(Duty.TIDY)
    static class Tidying {

        @Bean
        RetryPolicy retryPolicy(RetryProperties properties) {
            return new RetryPolicy(properties, () -> ThreadLocalRandom.current().nextDouble());
        }

        @Bean
        Settlement settlement(
                OutboxService outbox,
                MessageRepository messages,
                PlatformTransactionManager transactions,
                ApplicationEventPublisher events,
                Clock clock,
                ClockSkew skew) {
            return new Settlement(
                    outbox, messages, new TransactionTemplate(transactions), events, skew.corrected(clock));
        }

        @Bean
        Heartbeat heartbeat(DirectConnections database, DispatchProperties properties, Clocks clocks, ClockSkew skew) {
            // Short, as each claim is signed with it.
            String owner = ManagementFactory.getRuntimeMXBean().getName() + "/"
                    + HexFormat.of().toHexDigits(new SecureRandom().nextInt());
            return new Heartbeat(
                    owner,
                    connections(database, properties, "ums heartbeat"),
                    properties.heartbeatTimeout(),
                    clocks,
                    skew);
        }

        @Bean
        OutboxProcessor outboxProcessor(
                List<MessageSender> channels,
                DeliveryProperties delivery,
                RetryPolicy policy,
                Settlement settlement,
                OutboxService outbox,
                ObjectProvider<TraceContext> trace,
                Clock clock,
                ClockSkew skew,
                List<SendingRule> rules) {
            Map<String, MessageSender> byName =
                    channels.stream().collect(Collectors.toMap(MessageSender::channel, Function.identity()));
            return new OutboxProcessor(
                    byName,
                    delivery.onUnknown(),
                    policy,
                    settlement,
                    outbox,
                    trace.getIfAvailable(() -> TraceContext.NONE),
                    // On the attempt's own thread: nobody tells when the database takes outcomes again.
                    () -> Thread.sleep(BETWEEN_SETTLEMENTS),
                    skew.corrected(clock),
                    rules.stream()
                            .map(it -> new RightClockRule(it, clock, skew))
                            .collect(Collectors.toMap(SendingRule::purpose, Function.identity())));
        }

        @Bean
        StaleClaims staleClaims(
                OutboxService outbox,
                MessageRepository messages,
                OutboxProcessor processor,
                PlatformTransactionManager transactions,
                ApplicationEventPublisher events) {
            return new StaleClaims(outbox, messages, processor, new TransactionTemplate(transactions), events);
        }

        @Bean
        OrphanDetector orphanDetector(
                OutboxService outbox,
                Processes processes,
                ObjectProvider<OutboxDispatcher> dispatcher,
                Clocks clocks,
                DispatchProperties properties) {
            return new OrphanDetector(
                    outbox,
                    processes,
                    it -> dispatcher.stream().anyMatch(sending -> sending.holds(it)),
                    clocks.nanoTime(),
                    properties);
        }

        @Bean
        Rescuer rescuer(
                OrphanDetector detector,
                StaleClaims staleClaims,
                Processes processes,
                Heartbeat heartbeat,
                ObjectProvider<DispatchLoop> loop) {
            return new Rescuer(
                    detector, staleClaims, processes, heartbeat, () -> loop.ifAvailable(DispatchLoop::onTakenBack));
        }

        @Bean
        Housekeeping housekeeping(Retention retention, Expiry expiry, ClockSkew skew) {
            return new Housekeeping(retention, expiry, skew);
        }
    }

    /** Everything that claims and sends. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnDuty(Duty.SEND)
    static class Sending {

        @Bean
        Claims claims(
                OutboxService outbox,
                ClaimSource source,
                MessageRepository messages,
                ApplicationEventPublisher events,
                Heartbeat heartbeat,
                DeliveryProperties delivery) {
            Claimant claimant = new Claimant(heartbeat.owner(), delivery.onUnknown() == OnUnknown.REVIEW);
            return new Claims(outbox, source, messages, events, heartbeat::lease, claimant);
        }

        @Bean
        OutboxDispatcher outboxDispatcher(
                Claims claims,
                ClaimSource source,
                OutboxProcessor processor,
                Pace pace,
                Clock clock,
                ClockSkew skew,
                DispatchProperties properties) {
            OutboxDispatcher dispatcher = new OutboxDispatcher(
                    claims,
                    source,
                    processor,
                    pace,
                    new BodyBudget(Runtime.getRuntime().maxMemory() / OF_THE_HEAP, System::nanoTime),
                    skew.corrected(clock),
                    properties);
            source.onNews(dispatcher::wake);
            return dispatcher;
        }

        /** The embedded database has no other user: a claim found at the start is an orphan. */
        @Bean
        DispatchLoop dispatchLoop(
                OutboxDispatcher dispatcher, StaleClaims staleClaims, ObjectProvider<EmbeddedPostgres> embedded) {
            boolean alone = embedded.getIfAvailable() != null;
            return new DispatchLoop(dispatcher, alone ? () -> staleClaims.takeBack(Orphans.ALL) : () -> {});
        }

        @Bean
        DispatchVitals dispatchVitals(
                Heartbeat heartbeat, DispatchLoop loop, OutboxDispatcher dispatcher, DispatchProperties properties) {
            return new DispatchVitals(heartbeat, loop, dispatcher, properties.concurrency());
        }
    }

    /** What else it takes to claim from the queue itself. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnDuty(Duty.CLAIM_DIRECTLY)
    static class ClaimingDirectly {

        @Bean
        OutboxListener outboxListener(
                DirectConnections database, DispatchProperties properties, OutboxDispatcher dispatcher) {
            return new OutboxListener(connections(database, properties, "ums listener"), dispatcher::wake);
        }

        @Bean
        QueueClaims queueClaims(OutboxService outbox, ClockSkew skew, DispatchProperties properties) {
            return new QueueClaims(outbox, new DueOrders(outbox, skew::agrees), properties.pollInterval());
        }

        @Bean
        DirectDispatch directDispatch(OutboxDispatcher dispatcher, Claims claims) {
            return new DirectDispatch(dispatcher, claims);
        }

        @Bean
        OffTheTopic offTheTopic(RelayedOutbox outbox, DispatchProperties properties, DispatchLoop loop) {
            return new OffTheTopic(outbox, properties.staleAfter(), loop::onTakenBack);
        }
    }

    /** Who relays is woken by other processes too. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnDuty(Duty.RELAY)
    static class Relaying {

        @Bean
        OutboxListener relayListener(DirectConnections database, DispatchProperties properties, QueueReader reader) {
            return new OutboxListener(connections(database, properties, "ums listener"), reader::wake);
        }
    }
}
