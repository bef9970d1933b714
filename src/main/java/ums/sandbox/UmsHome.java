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
 * The folder {@code ums.home}, held by this process alone for as long as it runs. Whoever writes there asks this bean
 * for the folder, and so cannot write before the lock is taken nor after it is given back.
 */
@Component
public class UmsHome implements AutoCloseable {

    /**
     * The homes held in this JVM. The system gives a process's lock back as soon as the process closes any handle of
     * the file, so a second holder in this JVM must be turned away before it opens it.
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
     * @throws SandboxException if another process, or another context of this one, holds it, or it cannot be written
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
            // An earlier UMS left them open to all; whoever writes there closes what is new.
            OwnerOnly.close(folder.resolve("inbox"));
            OwnerOnly.close(folder.resolve("logs"));
        } catch (RuntimeException e) {
            HELD.remove(folder);
            throw e;
        }
    }

    /** Without a locale that says UTF-8, Java cannot name files in other letters than ASCII's. */
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

    /** Locks the file and writes into it who holds it, unless another process does. */
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

    /** The folder itself: absolute, existing, locked. */
    public Path folder() {
        return folder;
    }

    /** A folder within it that only its owner may enter; made where it is missing. */
    public Path closedFolder(String name) {
        try {
            return OwnerOnly.folder(folder.resolve(name));
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    /** Gives the folder back. Called by Spring after every bean that was given this one is gone. */
    @Override
    public void close() throws IOException {
        lockFile.close();
        HELD.remove(folder);
    }
}
