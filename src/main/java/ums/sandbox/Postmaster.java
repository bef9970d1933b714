package ums.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * PostgreSQL's first process on a data folder, as the folder's {@code postmaster.pid} names it: running or not.
 *
 * @param pid its process id, which may belong to another program by now
 * @param data the data folder
 */
record Postmaster(long pid, Path data) {

    /** How long a postmaster may take between creating its file and writing into it; in fact some microseconds. */
    private static final Duration WRITING = Duration.ofSeconds(5);

    /** The postmaster that started last on a data folder and did not stop cleanly, if any. */
    static Optional<Postmaster> on(Path data) throws IOException {
        try {
            return Files.readAllLines(file(data)).stream()
                    .findFirst()
                    .map(String::strip)
                    .filter(line -> line.matches("[0-9]+"))
                    .map(line -> new Postmaster(Long.parseLong(line), data));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * Deletes a stale {@code postmaster.pid} that PostgreSQL would take for a running server's: its process id was
     * reused by another program (usual in containers, where ids start over), or belongs to a zombie that was never
     * reaped, or a power failure left the file without an id. PostgreSQL handles all other cases itself.
     */
    static void forgetImpostor(Path data) throws IOException {
        Optional<Postmaster> last = on(data);
        boolean impostor = last.isPresent()
                ? ProcessHandle.of(last.get().pid).isPresent() && !last.get().isAlive()
                : isAbandoned(file(data));
        if (impostor) {
            Files.deleteIfExists(file(data));
        }
    }

    private static boolean isAbandoned(Path file) throws IOException {
        return Files.exists(file)
                && Files.getLastModifiedTime(file)
                        .toInstant()
                        .isBefore(Instant.now().minus(WRITING));
    }

    private static Path file(Path data) {
        return data.resolve("postmaster.pid");
    }

    /** Whether it is still running. */
    boolean isAlive() {
        return ProcessHandle.of(pid).filter(this::isIt).isPresent();
    }

    /** A postmaster's working directory and command line name its data folder; a zombie has neither. */
    private boolean isIt(ProcessHandle process) {
        try {
            return Path.of("/proc", String.valueOf(pid), "cwd").toRealPath().equals(data.toRealPath());
        } catch (IOException e) {
            // This system has no /proc, or this process may not read there.
            return process.info()
                    .arguments()
                    .filter(words -> List.of(words).contains(data.toString()))
                    .isPresent();
        }
    }
}
