package ums.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import java.util.function.BooleanSupplier;

/**
 * The log's file. Its lines reach the operating system as soon as none waits behind them: one by one while there is little
 * to say, and by the buffer while there is much. Named in {@code logback-spring.xml}.
 */
public final class LinesFile extends RollingFileAppender<ILoggingEvent> {

    private BooleanSupplier noneWaits = () -> true;

    /** Says when a line is the last for now; called once, before the first. */
    void flushesWhen(BooleanSupplier noneWaits) {
        this.noneWaits = noneWaits;
    }

    @Override
    protected void subAppend(ILoggingEvent event) {
        setImmediateFlush(noneWaits.getAsBoolean());
        super.subAppend(event);
    }
}
