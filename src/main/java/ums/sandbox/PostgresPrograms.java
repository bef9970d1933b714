package ums.sandbox;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

/**
 * Runs PostgreSQL's programs. Their output and the server's goes into the server's log file and not through a pipe, so
 * that they keep running when this process dies.
 */
final class PostgresPrograms {

    private static final int LINES_SHOWN = 15;
    private static final int BYTES_READ = 16 * 1024;

    private final PostgresBinaries binaries;
    private final ServerAccount account;
    private final ServerFolder folder;

    PostgresPrograms(PostgresBinaries binaries, ServerAccount account, ServerFolder folder) {
        this.binaries = binaries;
        this.account = account;
        this.folder = folder;
    }

    /**
     * Runs a program and waits for its end.
     *
     * @throws PostgresFailure if it cannot be started or fails
     */
    void run(String program, String... arguments) throws IOException {
        long before = Files.size(folder.log());
        int code = exitCode(program, arguments);
        if (code != 0) {
            throw new PostgresFailure(folder, program + " ended with exit code " + code, said(before));
        }
    }

    private int exitCode(String program, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(account.command(binaries.program(program), arguments))
                .directory(folder.path().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.log().toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new PostgresFailure(folder, program + " cannot be run", String.valueOf(e.getMessage()));
        }
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new SandboxException("Interrupted while " + program + " ran.", "Start UMS again.", e);
        }
    }

    /** The last lines written to the log after its first {@code before} bytes. */
    private String said(long before) throws IOException {
        try (RandomAccessFile log = new RandomAccessFile(folder.log().toFile(), "r")) {
            long from = Math.max(before, log.length() - BYTES_READ);
            byte[] bytes = new byte[(int) (log.length() - from)];
            log.seek(from);
            log.readFully(bytes);
            List<String> lines =
                    new String(bytes, StandardCharsets.UTF_8).strip().lines().toList();
            return String.join(
                    System.lineSeparator(), lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
        }
    }
}
