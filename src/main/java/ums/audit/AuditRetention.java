package ums.audit;

import java.time.Instant;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import ums.retention.Removal;
import ums.retention.RetentionProperties;

/** Removes entries of the audit log that are older than {@code ums.retention.audit}. */
@Component
class AuditRetention implements Removal {

    private static final int STEP = 500;

    private final AuditLog audit;
    private final TransactionOperations transaction;
    private final RetentionProperties properties;

    AuditRetention(AuditLog audit, TransactionOperations transaction, RetentionProperties properties) {
        this.audit = audit;
        this.transaction = transaction;
        this.properties = properties;
    }

    @Override
    public void removeOld(Instant now) {
        Integer removed = STEP;
        while (removed != null && removed == STEP) {
            removed = transaction.execute(_ -> audit.removeBefore(now.minus(properties.audit()), STEP));
        }
    }
}
