package ums.access;

import java.time.Instant;
import org.springframework.stereotype.Component;
import ums.retention.Removal;
import ums.retention.RetentionProperties;

/**
 * Removes API keys that were revoked or expired longer ago than {@code ums.retention.audit}: no audit entry names them any
 * more.
 */
@Component
class KeyRetention implements Removal {

    private static final int STEP = 500;

    private final ApiKeyRepository keys;
    private final RetentionProperties properties;

    KeyRetention(ApiKeyRepository keys, RetentionProperties properties) {
        this.keys = keys;
        this.properties = properties;
    }

    @Override
    public void removeOld(Instant now) {
        int removed = STEP;
        while (removed == STEP) {
            removed = keys.removeEnded(now.minus(properties.audit()), AccessConfiguration.SANDBOX_KEY, STEP);
        }
    }
}
