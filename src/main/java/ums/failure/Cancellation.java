package ums.failure;

import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import ums.audit.AuditLog;
import ums.message.Message;
import ums.message.MessageService;
import ums.message.NotCancelableException;

/** Calls off a message on an admin's word. */
@Service
public class Cancellation {

    private final MessageService messages;
    private final AuditLog audit;

    Cancellation(MessageService messages, AuditLog audit) {
        this.messages = messages;
        this.audit = audit;
    }

    /**
     * As its client could; the audit entry is in the same transaction.
     *
     * @param admin who decides
     * @param reason why
     * @return the message, canceled; empty where there is none
     * @throws NotCancelableException where it does not wait any more
     */
    @Transactional
    public Optional<Message> cancel(UUID id, String admin, String reason) {
        Optional<Message> canceled = messages.find(null, id).flatMap(it -> messages.cancel(it.owner(), id));
        canceled.ifPresent(_ -> audit.record(admin, "message.cancel", "message:" + id, reason));
        return canceled;
    }
}
