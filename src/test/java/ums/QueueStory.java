package ums;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import ums.channel.email.EmailContent;
import ums.message.Message;
import ums.message.MessageService;
import ums.message.NewMessage;
import ums.message.Options;
import ums.message.Owner;
import ums.message.Sender;
import ums.queue.Priority;

/**
 * A story about the ledger and the queue. The service accepts and does not send, so that the test takes each step itself, and
 * the test sets its clock.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "ums.role=api")
@Import(QueueStory.Time.class)
public abstract class QueueStory {

    protected static final String CLIENT = "story";
    protected static final Owner OWNER = new Owner(CLIENT, false);

    @Autowired
    protected MessageService messages;

    @Autowired
    protected JdbcClient jdbc;

    @Autowired
    protected SettableClock clock;

    @Autowired
    protected SettableDirectClaims directly;

    protected TransactionTemplate transaction;

    @Autowired
    void transactions(PlatformTransactionManager manager) {
        transaction = new TransactionTemplate(manager);
    }

    @DynamicPropertySource
    static void service(DynamicPropertyRegistry registry) {
        TestDatabase.fresh().register(registry);
        UmsStory.smallAndQuick(registry);
    }

    @BeforeEach
    void emptyQueue() {
        jdbc.sql("truncate message, message_content, outbox, idempotency_key").update();
        clock.set(Instant.now());
        directly.set(null);
    }

    protected UUID accept() {
        return accept(Options.NONE);
    }

    protected UUID accept(Options options) {
        return messages.accept(new NewMessage(
                        new Sender(CLIENT, false, Set.of()), "email", content("kim@example.com"), options, null))
                .id();
    }

    protected UUID accept(Priority priority) {
        Options none = Options.NONE;
        return accept(new Options(null, Map.of(), none.purpose(), priority, null, null, null));
    }

    protected UUID acceptFor(Instant scheduledAt) {
        Options none = Options.NONE;
        return accept(new Options(null, Map.of(), none.purpose(), none.priority(), scheduledAt, null, null));
    }

    protected UUID acceptUntil(Instant expiresAt) {
        Options none = Options.NONE;
        return accept(new Options(null, Map.of(), none.purpose(), none.priority(), null, expiresAt, null));
    }

    protected static EmailContent content(String to) {
        return new EmailContent(null, List.of(to), List.of(), List.of(), null, "A subject", "A text", null, Map.of());
    }

    protected Message message(UUID id) {
        return messages.find(OWNER, id).orElseThrow();
    }

    protected int outboxRows(String where) {
        return jdbc.sql("select count(*) from outbox where " + where)
                .query(Integer.class)
                .single();
    }

    /**
     * Ages claims and heartbeats, as if the database's clock, which no test can set, had been set forward (or back) by this
     * much.
     */
    protected void age(Duration by) {
        transaction.executeWithoutResult(_ -> {
            jdbc.sql("""
                            update outbox
                            set processing_started_at = processing_started_at - :millis * interval '1 millisecond'
                            """).param("millis", by.toMillis()).update();
            jdbc.sql("update process set beat_at = beat_at - :millis * interval '1 millisecond'")
                    .param("millis", by.toMillis())
                    .update();
        });
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Time {

        @Bean
        @Primary
        SettableClock settableClock() {
            return new SettableClock();
        }

        @Bean
        SettableDirectClaims settableDirectClaims() {
            return new SettableDirectClaims();
        }
    }
}
