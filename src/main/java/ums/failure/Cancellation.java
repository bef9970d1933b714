package ums.failure;

import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import ums.audit.AuditLog;
import ums.message.Message;
import ums.message.MessageService;

/** Cancels a message on behalf of an admin. */
@Service
public class Cancellation {

    private final MessageService messages;
    private final AuditLog audit;

    Cancellation(MessageService messages, AuditLog audit) {
        this.messages = messages;
        this.audit = audit;
    }

    /**
     * Cancels as {@link MessageService#cancel} does, and writes the audit entry in the same transaction.
     *
     * @param admin the deciding admin
     * @param reason the admin's reason
     * @return the message, canceled; empty if there is none
     * @throws NotCancelableException if it is claimed or has ended
     */
    @Transactional
    public Optional<Message> cancel(UUID id, String admin, String reason) {
        Optional<Message> canceled = messages.find(null, id).flatMap(it -> messages.cancel(it.owner(), id));
        canceled.ifPresent(_ -> audit.record(admin, "message.cancel", "message:" + id, reason));
        return canceled;
    }
}
