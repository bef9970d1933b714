package ums.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The folder {@code ums.home}, locked by this process while it runs. Beans that write there get the folder from this
 * bean, and so cannot write before the lock is taken or after it is released.
 */
@Component
public class UmsHome implements AutoCloseable {

    /**
     * The homes locked by this JVM. The operating system releases a process's lock as soon as the process closes any
     * handle of the file, so a second instance in this JVM must fail before it opens the file.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel lockFile;

    @Autowired
    UmsHome(HomeProperties properties) {
        this(path(properties.home()));
    }

    /**
     * Creates the folder where it is missing and locks it.
     *
     * @throws SandboxException if another process, or another context of this one, has locked it, or it cannot be
     *     written
     */
    UmsHome(Path home) {
        try {
            folder = Files.createDirectories(home.toAbsolutePath().normalize()).toRealPath();
        } catch (IOException e) {
            throw unusable(home, e);
        }
        if (!HELD.add(folder)) {
            throw inUse(folder, String.valueOf(ProcessHandle.current().pid()));
        }
        try {
            lockFile = lock(folder);
            // An earlier release left these readable by all users; the code that writes there restricts new files.
            OwnerOnly.close(folder.resolve("inbox"));
            OwnerOnly.close(folder.resolve("logs"));
        } catch (RuntimeException e) {
            HELD.remove(folder);
            throw e;
        }
    }

    /** Without a UTF-8 locale Java cannot name files with non-ASCII characters. */
    private static Path path(String home) {
        try {
            return Path.of(home);
        } catch (InvalidPathException e) {
            throw new SandboxException(
                    "The home folder's name cannot be read here, as the locale of this process knows other letters"
                            + " (" + System.getProperty("sun.jnu.encoding") + ").",
                    "Start UMS with LC_ALL=C.UTF-8 in its environment, or choose with ums.home a folder whose whole path"
                            + " is ASCII.",
                    e);
        }
    }

    private static FileChannel lock(Path folder) {
        Path file = folder.resolve("ums.lock");
        try {
            FileChannel channel = FileChannel.open(file, Set.of(CREATE, WRITE), OwnerOnly.attributes(file));
            if (!locked(channel)) {
                channel.close();
                throw inUse(folder, Files.readString(file).strip());
            }
            return channel;
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    /** Locks the file and writes the process id into it, unless another process has locked it. */
    private static boolean locked(FileChannel channel) throws IOException {
        if (channel.tryLock() == null) {
            return false;
        }
        String pid = ProcessHandle.current().pid() + System.lineSeparator();
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(pid.getBytes(UTF_8)));
        return true;
    }

    private static SandboxException inUse(Path folder, String pid) {
        return new SandboxException(
                "The home folder %s is in use by another UMS (process %s).".formatted(folder, pid),
                "Stop that one, or give this one a folder of its own with ums.home.");
    }

    private static SandboxException unusable(Path folder, IOException cause) {
        return new SandboxException(
                "The home folder %s cannot be used: %s".formatted(folder.toAbsolutePath(), cause),
                "Make it writable, or choose another folder with ums.home.",
                cause);
    }

    /** The folder: absolute, existing, locked. */
    public Path folder() {
        return folder;
    }

    /** A folder within it that only its owner may enter; created where it is missing. */
    public Path closedFolder(String name) {
        try {
            return OwnerOnly.folder(folder.resolve(name));
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    /** Releases the lock. Spring calls this after all beans that depend on this one are destroyed. */
    @Override
    public void close() throws IOException {
        lockFile.close();
        HELD.remove(folder);
    }
}
