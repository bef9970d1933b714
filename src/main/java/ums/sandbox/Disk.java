package ums.sandbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** Durable, atomic writes: neither a kill nor a power failure leaves a file half written. */
final class Disk {

    private Disk() {}

    /** Waits until a file's content, or a folder's entries, are on the disk (fsync). */
    static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Renames {@code fresh} to the absolute name {@code target} in the same folder, replacing a file of that name,
     * durably.
     */
    static void rename(Path fresh, Path target) throws IOException {
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        force(Objects.requireNonNull(target.getParent()));
    }

    /** Writes a text atomically and durably; readable by the owner only (0600). */
    static void write(Path target, String text) throws IOException {
        Path fresh = Files.createTempFile(target.getParent(), target.getFileName() + ".", ".new");
        try {
            Files.writeString(fresh, text);
            force(fresh);
            rename(fresh, target);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
