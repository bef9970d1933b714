package ums.logging;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;

/**
 * Passes lines to the file's appender on a thread of its own, so that a slow disk delays no delivery. The file's
 * appender can read whether more lines are queued. Named in {@code logback-spring.xml}.
 */
public final class AsyncLogAppender extends AsyncAppender {

    @Override
    public void addAppender(Appender<ILoggingEvent> appender) {
        super.addAppender(appender);
        if (appender instanceof LogFileAppender file) {
            file.flushesWhen(() -> getNumberOfElementsInQueue() == 0);
        }
    }
}
