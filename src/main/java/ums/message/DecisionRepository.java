package ums.message;

import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The SQL of an admin's decision, except for {@link MessageRepository#apply}. */
@Repository
public class DecisionRepository {

    private final JdbcClient jdbc;
    private final MessageRows rows;

    DecisionRepository(JdbcClient jdbc, MessageRows rows) {
        this.jdbc = jdbc;
        this.rows = rows;
    }

    /**
     * Reads a message and locks its row until the caller's transaction ends. The message is locked before its failure, as
     * settlements do, so that decisions and settlements do not deadlock.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Optional<LockedMessage> lock(UUID id) {
        return jdbc.sql("""
                        select id, client, channel, status, purpose, priority, attempt_count, expires_at, on_unknown, recipients,
                            (select form from message_content where message_id = message.id) as form
                        from message
                        where id = :id for update
                        """).param("id", id).query((row, _) -> rows.locked(row)).optional();
    }

    /** Whether an attempt can read the content. Not part of {@link #lock}, as a content can be long and only a retry needs it. */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean isContentReadable(UUID id) {
        return jdbc.sql("""
                        select m.channel, c.summary, c.content
                        from message m join message_content c on c.message_id = m.id
                        where m.id = :id and c.message_id = :id
                        """)
                .param("id", id)
                .query((row, _) -> rows.isContentReadable(row))
                .optional()
                .orElse(false);
    }

    /** Adds an event to a message's timeline without changing its status. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void note(UUID id, TimelineEvent event) {
        jdbc.sql("update message set events = %s || :event::jsonb where id = :id".formatted(MessageRepository.TIMELINE))
                .param("event", StoredJson.event(event))
                .param("id", id)
                .update();
    }
}
