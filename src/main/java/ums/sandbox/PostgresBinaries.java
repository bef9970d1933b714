package ums.sandbox;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.springframework.util.FileSystemUtils;

/** PostgreSQL's programs for this platform, unpacked from the jar that holds them. */
final class PostgresBinaries {

    private static final String PREFIX = "binaries-";
    private static final int OWNER_EXECUTES = 0100;

    private final Path folder;

    private PostgresBinaries(Path folder) {
        this.folder = folder;
    }

    /**
     * Unpacks the programs below {@code parent}, unless an earlier start did: about two seconds and 60 MB. They get
     * their final name only when they are complete and synced to the disk, so that a kill or a power failure in between
     * is harmless.
     *
     * @throws SandboxException if the platform has none, or they cannot be written
     */
    static PostgresBinaries unpack(Path parent) {
        String name = archiveName();
        URL archive = PostgresBinaries.class.getResource("/" + name);
        if (archive == null) {
            throw unsupported(name + " is not on the class path");
        }
        try {
            URLConnection connection = archive.openConnection();
            // The archive has no version; its size identifies it without reading it at every start.
            Path folder =
                    Files.createDirectories(parent).toRealPath().resolve(PREFIX + connection.getContentLengthLong());
            if (!Files.exists(folder)) {
                try (InputStream in = new BufferedInputStream(connection.getInputStream())) {
                    unpack(in, folder);
                }
            }
            return new PostgresBinaries(folder);
        } catch (IOException e) {
            throw new SandboxException(
                    "PostgreSQL's programs cannot be unpacked into %s: %s".formatted(parent, e),
                    "Make sure that the folder can be written and that the disk has room, at least 200 MB.",
                    e);
        }
    }

    private static void unpack(InputStream archive, Path target) throws IOException {
        Path fresh = Files.createTempDirectory(target.getParent(), PREFIX);
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(archive))) {
            makeReadable(fresh, true);
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(tar, entry, fresh);
            }
            writeThrough(fresh);
            Disk.rename(fresh, target);
        } finally {
            FileSystemUtils.deleteRecursively(fresh);
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path folder) throws IOException {
        Path path = folder.resolve(entry.getName()).normalize();
        if (!path.startsWith(folder)) {
            throw new IOException("an entry points out of the archive: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            makeReadable(path, true);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
            Files.copy(tar, path);
            makeReadable(path, (entry.getMode() & OWNER_EXECUTES) != 0);
        }
    }

    /** Readable by all users, whatever the umask: where UMS runs as root, the server runs as another user. */
    private static void makeReadable(Path path, boolean executable) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    private static void writeThrough(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(path -> !Files.isSymbolicLink(path)).toList();
        }
        for (Path file : files) {
            Disk.force(file);
        }
    }

    private static String archiveName() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String architecture = switch (machine) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> null;
        };
        if (architecture != null && system.startsWith("linux")) {
            return "postgres-linux-" + architecture + ".txz";
        }
        if (architecture != null && system.startsWith("mac")) {
            // Both archives for macOS hold the same universal binaries.
            return "postgres-darwin-arm_64.txz";
        }
        throw unsupported("this is " + system + " on " + machine);
    }

    private static SandboxException unsupported(String why) {
        return new SandboxException(
                "There is no embedded PostgreSQL for this platform: " + why + ".",
                "Run a PostgreSQL of your own and set spring.datasource.url to it.");
    }

    /** The path of {@code initdb}, {@code pg_ctl} or {@code postgres}. */
    String program(String name) {
        return folder.resolve("bin").resolve(name).toString();
    }

    /** Deletes the folders of earlier versions and of interrupted unpackings. No server of theirs may run. */
    void deleteOthers() throws IOException {
        List<Path> others;
        try (Stream<Path> siblings = Files.list(folder.getParent())) {
            others = siblings.filter(path -> path.getFileName().toString().startsWith(PREFIX))
                    .filter(path -> !path.equals(folder))
                    .toList();
        }
        for (Path other : others) {
            FileSystemUtils.deleteRecursively(other);
        }
    }
}
