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
import ums.channel.MessageSender;
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
import ums.queue.Claimant;
import ums.queue.DueEntries;
import ums.queue.Orphans;
import ums.queue.Queue;
import ums.queue.RateLimiter;
import ums.queue.RelayedQueue;
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
    @ConditionalOnDuty(Duty.MAINTENANCE)
    static class Tidying {

        @Bean
        RetryPolicy retryPolicy(RetryProperties properties, DeliveryProperties delivery) {
            return new RetryPolicy(
                    properties,
                    delivery.onUnknown(),
                    () -> ThreadLocalRandom.current().nextDouble());
        }

        @Bean
        Senders senders(List<MessageSender> senders, RateLimiter rateLimiter, ObjectProvider<TraceContext> trace) {
            return new Senders(senders, rateLimiter, trace.getIfAvailable(() -> TraceContext.NONE));
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
        AttemptExecutor attemptExecutor(
                SendPermission permission,
                Senders senders,
                RetryPolicy policy,
                Settlement settlement,
                Clock clock,
                ClockSkew skew) {
            // On the attempt's own virtual thread: there is no signal that the database is back.
            DatabaseRetry database = new DatabaseRetry(() -> Thread.sleep(BETWEEN_SETTLEMENTS));
            return new AttemptExecutor(permission, senders, policy, settlement, database, skew.corrected(clock));
        }

        @Bean
        StaleClaims staleClaims(
                Queue outbox,
                MessageRepository messages,
                AttemptExecutor executor,
                TransactionOperations transaction,
                ApplicationEventPublisher events) {
            return new StaleClaims(outbox, messages, executor, transaction, events);
        }

        @Bean
        OrphanDetector orphanDetector(
                Queue outbox,
                Processes processes,
                ObjectProvider<Dispatcher> dispatcher,
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
                    detector, staleClaims, processes, heartbeat, () -> loop.ifAvailable(DispatchLoop::onRescued));
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
                Queue outbox,
                ClaimSource source,
                MessageRepository messages,
                ApplicationEventPublisher events,
                Heartbeat heartbeat,
                DeliveryProperties delivery) {
            Claimant claimant = new Claimant(heartbeat.owner(), delivery.onUnknown() == OnUnknown.REVIEW);
            return new Claims(outbox, source, messages, events, heartbeat::lease, claimant);
        }

        @Bean
        AdmissionControl admissionControl(
                Senders senders,
                Claims claims,
                AttemptExecutor executor,
                Clock clock,
                ClockSkew skew,
                DispatchProperties properties) {
            return new AdmissionControl(
                    senders,
                    new BodyBudget(Runtime.getRuntime().maxMemory() / OF_THE_HEAP, System::nanoTime),
                    new Bulkheads(properties.concurrency(), System::nanoTime),
                    claims,
                    executor,
                    skew.corrected(clock));
        }

        @Bean
        Dispatcher dispatcher(
                Claims claims,
                ClaimSource source,
                Senders senders,
                AdmissionControl admission,
                Clock clock,
                ClockSkew skew,
                DispatchProperties properties) {
            Dispatcher dispatcher =
                    new Dispatcher(claims, source, senders, admission, skew.corrected(clock), properties);
            source.onNews(dispatcher::wake);
            return dispatcher;
        }

        /** The embedded database has no other user: a claim found at the start is an orphan. */
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

    /** What else it takes to claim from the queue itself. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnDuty(Duty.CLAIM_DIRECTLY)
    static class ClaimingDirectly {

        @Bean
        QueueListener outboxListener(DirectConnections database, DispatchProperties properties, Dispatcher dispatcher) {
            return new QueueListener(connections(database, properties, "ums listener"), dispatcher::wake);
        }

        @Bean
        QueueClaims queueClaims(Queue outbox, ClockSkew skew, DispatchProperties properties) {
            return new QueueClaims(outbox, new DueEntries(outbox, skew::agrees), properties.pollInterval());
        }

        @Bean
        DirectDispatch directDispatch(Dispatcher dispatcher, Claims claims) {
            return new DirectDispatch(dispatcher, claims);
        }

        @Bean
        TopicReclaimer offTheTopic(RelayedQueue outbox, DispatchProperties properties, DispatchLoop loop) {
            return new TopicReclaimer(outbox, properties.staleAfter(), loop::onRescued);
        }
    }

    /** Who relays is woken by other processes too. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnDuty(Duty.RELAY)
    static class Relaying {

        @Bean
        QueueListener relayListener(DirectConnections database, DispatchProperties properties, QueueReader reader) {
            return new QueueListener(connections(database, properties, "ums listener"), reader::wake);
        }
    }
}
