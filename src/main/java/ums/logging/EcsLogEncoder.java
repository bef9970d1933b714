package ums.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import co.elastic.logging.JsonUtils;
import co.elastic.logging.logback.EcsEncoder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * The lines of the log's file: JSON by the Elastic Common Schema, and what an event is about as fields of its own, which the
 * encoder underneath leaves out. Spring Boot's own format has them too, and costs a message's line four times the time.
 * Named in {@code logback-spring.xml}.
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
