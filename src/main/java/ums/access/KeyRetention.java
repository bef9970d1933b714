package ums.access;

import java.time.Instant;
import org.springframework.stereotype.Component;
import ums.retention.Removal;
import ums.retention.RetentionProperties;

/** Removes API keys that have not worked for as long as the audit log that names them is kept. */
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
