package ums.logging;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;

/**
 * Hands lines over to a file on a thread of its own, so that a slow disk holds up no delivery. The file is told whether more
 * are waiting. Named in {@code logback-spring.xml}.
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
