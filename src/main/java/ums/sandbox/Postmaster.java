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
 * PostgreSQL's first process on a data folder, as the folder's {@code postmaster.pid} names it: alive, or a memory.
 *
 * @param pid its process id, which by now may be another program's
 * @param data the data folder
 */
record Postmaster(long pid, Path data) {

    /** How long a postmaster may take from creating its file to writing into it; in fact some microseconds. */
    private static final Duration WRITING = Duration.ofSeconds(5);

    /** The one that started last on a data folder and did not stop in order, if any. */
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
     * Deletes a {@code postmaster.pid} that PostgreSQL would take for a living server's although it is nobody's: its id
     * went to another program (usual in containers, where the ids start over), or the process is a zombie that nobody
     * buries, or a power cut left the file without an id. Anything else PostgreSQL judges well by itself.
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

    /** Whether it still runs. */
    boolean isAlive() {
        return ProcessHandle.of(pid).filter(this::isIt).isPresent();
    }

    /** A postmaster works in its data folder and names it in its command line; a zombie has neither. */
    private boolean isIt(ProcessHandle process) {
        try {
            return Path.of("/proc", String.valueOf(pid), "cwd").toRealPath().equals(data.toRealPath());
        } catch (IOException e) {
            // No such folder on this system, or not for us to look into.
            return process.info()
                    .arguments()
                    .filter(words -> List.of(words).contains(data.toString()))
                    .isPresent();
        }
    }
}
