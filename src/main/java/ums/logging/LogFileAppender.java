package ums.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The log's file. Its lines reach the operating system as soon as none waits behind them: one by one while there is little
 * to say, and by the buffer while there is much. Named in {@code logback-spring.xml}.
 */
public final class LogFileAppender extends RollingFileAppender<ILoggingEvent> {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private BooleanSupplier noneWaits = () -> true;

    /** Says when a line is the last for now; called once, before the first. */
    void flushesWhen(BooleanSupplier noneWaits) {
        this.noneWaits = noneWaits;
    }

    /** Called at the start and whenever the file was rolled: nobody else reads it, nor those rolled before. */
    @Override
    public void openFile(String name) throws IOException {
        super.openFile(name);
        File file = new File(name).getAbsoluteFile();
        File[] rolled = file.getParentFile().listFiles((_, each) -> each.startsWith(file.getName()));
        if (rolled != null) {
            for (File each : rolled) {
                closeToOthers(each);
            }
        }
    }

    private static void closeToOthers(File file) {
        try {
            Files.setPosixFilePermissions(file.toPath(), OWNER_ONLY);
        } catch (IOException | UnsupportedOperationException | InvalidPathException _) {
            // No such permissions here, or not ours to give: that keeps nothing from being logged.
        }
    }

    @Override
    protected void subAppend(ILoggingEvent event) {
        setImmediateFlush(noneWaits.getAsBoolean());
        super.subAppend(event);
    }
}
