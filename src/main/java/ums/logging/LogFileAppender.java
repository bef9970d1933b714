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
 * The log file. A line reaches the operating system as soon as no other is queued behind it: one write per line at low
 * load, one per buffer at high load. Named in {@code logback-spring.xml}.
 */
public final class LogFileAppender extends RollingFileAppender<ILoggingEvent> {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private BooleanSupplier noneWaits = () -> true;

    /** Sets the check for further queued lines; called once, before the first line. */
    void flushesWhen(BooleanSupplier noneWaits) {
        this.noneWaits = noneWaits;
    }

    /** Called at the start and whenever the file was rolled: only the owner may read the file and the rolled ones. */
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
            // The file system has no such permissions, or the file has another owner: logging goes on.
        }
    }

    @Override
    protected void subAppend(ILoggingEvent event) {
        setImmediateFlush(noneWaits.getAsBoolean());
        super.subAppend(event);
    }
}
