package ums.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import co.elastic.logging.JsonUtils;
import co.elastic.logging.logback.EcsEncoder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Encodes the log file's lines: JSON by the Elastic Common Schema, with an event's key-value pairs as fields, which the
 * base encoder leaves out. Spring Boot's own format has them too, but takes four times as long per line. Named in
 * {@code logback-spring.xml}.
 */
public final class EcsLogEncoder extends EcsEncoder {

    @Override
    protected void addCustomFields(ILoggingEvent event, StringBuilder line) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs == null) {
            return;
        }
        for (KeyValuePair pair : pairs) {
            line.append('"');
            JsonUtils.quoteAsString(pair.key, line);
            line.append("\":");
            value(pair.value, line);
            line.append(',');
        }
    }

    private static void value(@Nullable Object value, StringBuilder line) {
        if (value instanceof Number || value instanceof Boolean) {
            line.append(value);
        } else {
            line.append('"');
            JsonUtils.quoteAsString(String.valueOf(value), line);
            line.append('"');
        }
    }
}
