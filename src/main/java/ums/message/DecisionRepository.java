package ums.message;

import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** What a person's decision needs of the ledger besides {@link MessageRepository#apply}. */
@Repository
public class DecisionRepository {

    private final JdbcClient jdbc;
    private final MessageRows rows = new MessageRows();

    DecisionRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Reads a message and keeps everybody else from changing it until the caller's transaction ends. Whoever changes a
     * message and its failure takes the message first, as an attempt's settlement does, so that no two wait for each
     * other.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Optional<LockedMessage> lock(UUID id) {
        return jdbc.sql("""
                        select id, client, channel, status, purpose, priority, attempt_count, expires_at, on_unknown, recipients
                        from message
                        where id = :id for update
                        """).param("id", id).query((row, _) -> rows.locked(row)).optional();
    }

    /** Whether what is to be sent can be read. Apart from {@link #lock}, as it can be long and only a retry asks for it. */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean isContentReadable(UUID id) {
        return jdbc.sql("select summary, content from message_content where message_id = :id")
                .param("id", id)
                .query((row, _) -> rows.isContentReadable(row))
                .optional()
                .orElse(false);
    }

    /** Adds to a message's timeline what leaves it where it stands. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void note(UUID id, TimelineEvent event) {
        jdbc.sql("update message set events = %s || :event::jsonb where id = :id".formatted(MessageRepository.TIMELINE))
                .param("event", rows.json(event))
                .param("id", id)
                .update();
    }
}
