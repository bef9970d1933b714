package ums.delivery;

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
import org.springframework.transaction.support.TransactionOperations;
import ums.channel.Channels;
import ums.clock.ClockSkew;
import ums.clock.Clocks;
import ums.database.DirectConnections;
import ums.message.DeliveryProperties;
import ums.message.Expiry;
import ums.message.MessageRepository;
import ums.message.OnUnknown;
import ums.message.Purpose;
import ums.message.SendingRule;
import ums.message.SettlementStep;
import ums.message.TraceContext;
import ums.provider.Providers;
import ums.queue.Claimant;
import ums.queue.DueEntries;
import ums.queue.Orphans;
import ums.queue.Queue;
import ums.queue.RateLimiter;
import ums.queue.RelayedQueue;
import ums.retention.Retention;
import ums.sandbox.EmbeddedPostgres;

/** The beans of the dispatcher, by the duties of the process. */
@Configuration(proxyBeanMethods = false)
class DispatchConfiguration {

    private static final Duration BETWEEN_SETTLEMENTS = Duration.ofSeconds(1);

    /** Large contents that are being sent take no more of the heap than one part in so many. */
    private static final int PARTS_OF_HEAP = 4;

    DispatchConfiguration(@Value("${ums.role:all}") Role role, @Value("${" + Duty.KAFKA + ":}") String kafka) {
        if (role == Role.RELAY && kafka.isBlank()) {
            throw new IllegalArgumentException("ums.role relay needs " + Duty.KAFKA);
        }
    }

    /** Connections outside the pool, whose answers time out before this process is declared dead. */
    private static Heartbeat.Connections connections(
            DirectConnections database, DispatchProperties properties, String name) {
        return () -> database.open(name, properties.heartbeatTimeout().dividedBy(3));
    }

    /** Settles attempts: this process's, and those of dead ones. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnDuty(Duty.MAINTENANCE)
    static class Maintenance {

        @Bean
        RetryPolicy retryPolicy(RetryProperties properties, DeliveryProperties delivery) {
            return new RetryPolicy(
                    properties,
                    delivery.onUnknown(),
                    () -> ThreadLocalRandom.current().nextDouble());
        }

        @Bean
        AccountLimits accountLimits(RateLimiter rateLimiter) {
            return new AccountLimits(rateLimiter);
        }

        @Bean
        Failover failover(Providers providers, AccountLimits limits, Queue queue, ApplicationEventPublisher events) {
            return new Failover(providers, limits, queue, events::publishEvent);
        }

        @Bean
        Routes routes(
                Channels channels,
                Providers providers,
                AccountLimits limits,
                Failover failover,
                ObjectProvider<TraceContext> trace,
                DispatchProperties properties) {
            return new Routes(
                    channels,
                    providers,
                    limits,
                    failover,
                    trace.getIfAvailable(() -> TraceContext.NONE),
                    properties.attemptTimeout());
        }

        @Bean
        SendPermission sendPermission(
                List<SendingRule> rules, RetryPolicy policy, Queue queue, Clock clock, ClockSkew skew) {
            Map<Purpose, SendingRule> byPurpose = rules.stream()
                    .map(it -> new RightClockRule(it, clock, skew))
                    .collect(Collectors.toMap(SendingRule::purpose, Function.identity()));
            return new SendPermission(byPurpose, policy, queue, skew.corrected(clock));
        }

        @Bean
        Settlement settlement(
                Queue queue,
                MessageRepository messages,
                List<SettlementStep> steps,
                TransactionOperations transaction,
                ApplicationEventPublisher events,
                Clock clock,
                ClockSkew skew) {
            return new Settlement(queue, messages, steps, transaction, events, skew.corrected(clock));
        }

        @Bean
        Heartbeat heartbeat(DirectConnections database, DispatchProperties properties, Clocks clocks, ClockSkew skew) {
            // Short, as each claim stores it.
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
        AttemptExecutor attemptExecutor(
                SendPermission permission,
                Routes routes,
                RetryPolicy policy,
                Settlement settlement,
                Clock clock,
                ClockSkew skew) {
            // On the attempt's own virtual thread: there is no signal that the database is back.
            DatabaseRetry database = new DatabaseRetry(() -> Thread.sleep(BETWEEN_SETTLEMENTS));
            return new AttemptExecutor(permission, routes, policy, settlement, database, skew.corrected(clock));
        }

        @Bean
        StaleClaims staleClaims(
                Queue queue,
                MessageRepository messages,
                AttemptExecutor executor,
                TransactionOperations transaction,
                ApplicationEventPublisher events) {
            return new StaleClaims(queue, messages, executor, transaction, events);
        }

        @Bean
        OrphanDetector orphanDetector(
                Queue queue,
                Processes processes,
                ObjectProvider<Dispatcher> dispatcher,
                Clocks clocks,
                DispatchProperties properties) {
            return new OrphanDetector(
                    queue,
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
                    detector, staleClaims, processes, heartbeat, () -> loop.ifAvailable(DispatchLoop::onRescued));
        }

        @Bean
        Housekeeping housekeeping(Retention retention, Expiry expiry, ClockSkew skew) {
            return new Housekeeping(retention, expiry, skew);
        }
    }

    /** Claims and sends. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnDuty(Duty.SEND)
    static class Sending {

        @Bean
        Claims claims(
                Queue queue,
                ClaimSource source,
                MessageRepository messages,
                ApplicationEventPublisher events,
                Heartbeat heartbeat,
                DeliveryProperties delivery) {
            Claimant claimant = new Claimant(heartbeat.owner(), delivery.onUnknown() == OnUnknown.REVIEW);
            return new Claims(queue, source, messages, events, heartbeat::lease, claimant);
        }

        @Bean
        AdmissionControl admissionControl(
                Routes routes,
                Claims claims,
                AttemptExecutor executor,
                Clock clock,
                ClockSkew skew,
                DispatchProperties properties) {
            return new AdmissionControl(
                    routes,
                    new BodyBudget(Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP, System::nanoTime),
                    new Bulkheads(properties.concurrency(), System::nanoTime),
                    claims,
                    executor,
                    skew.corrected(clock));
        }

        @Bean
        Dispatcher dispatcher(
                Claims claims,
                ClaimSource source,
                Routes routes,
                AdmissionControl admission,
                Clock clock,
                ClockSkew skew,
                DispatchProperties properties) {
            Dispatcher dispatcher =
                    new Dispatcher(claims, source, routes, admission, skew.corrected(clock), properties);
            source.onAvailable(dispatcher::wake);
            return dispatcher;
        }

        /** The embedded database has no other user: every claim found at the start is an orphan. */
        @Bean
        DispatchLoop dispatchLoop(
                Dispatcher dispatcher, StaleClaims staleClaims, ObjectProvider<EmbeddedPostgres> embedded) {
            boolean alone = embedded.getIfAvailable() != null;
            return new DispatchLoop(dispatcher, alone ? () -> staleClaims.rescue(Orphans.ALL) : () -> {});
        }

        @Bean
        DispatchVitals dispatchVitals(
                Heartbeat heartbeat, DispatchLoop loop, Dispatcher dispatcher, DispatchProperties properties) {
            return new DispatchVitals(heartbeat, loop, dispatcher, properties.concurrency());
        }
    }

    /** Claims from the queue itself. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnDuty(Duty.CLAIM_DIRECTLY)
    static class ClaimingDirectly {

        @Bean
        QueueListener queueListener(DirectConnections database, DispatchProperties properties, Dispatcher dispatcher) {
            return new QueueListener(connections(database, properties, "ums listener"), dispatcher::wake);
        }

        @Bean
        QueueClaims queueClaims(Queue queue, ClockSkew skew, DispatchProperties properties) {
            return new QueueClaims(queue, new DueEntries(queue, skew::agrees), properties.pollInterval());
        }

        @Bean
        DirectDispatch directDispatch(Dispatcher dispatcher, Claims claims) {
            return new DirectDispatch(dispatcher, claims);
        }

        @Bean
        TopicReclaimer topicReclaimer(RelayedQueue queue, DispatchProperties properties, DispatchLoop loop) {
            return new TopicReclaimer(queue, properties.staleAfter(), loop::onRescued);
        }
    }

    /** Wakes the relay when other processes append entries. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnDuty(Duty.RELAY)
    static class Relaying {

        @Bean
        QueueListener relayListener(DirectConnections database, DispatchProperties properties, QueueReader reader) {
            return new QueueListener(connections(database, properties, "ums listener"), reader::wake);
        }
    }
}
