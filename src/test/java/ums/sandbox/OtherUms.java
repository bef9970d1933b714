package ums.sandbox;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Another process that locks a home or runs an embedded PostgreSQL, and that a test kills. */
final class OtherUms implements AutoCloseable {

    private final Process process;

    private OtherUms(Process process) {
        this.process = process;
    }

    /** Starts it and returns when it has locked the home {@code folder}. */
    static OtherUms thatHolds(Path folder) throws IOException {
        return start("home", folder);
    }

    /** Starts it and returns when its PostgreSQL in {@code folder} runs. */
    static OtherUms thatRunsPostgres(Path folder) throws IOException {
        return start("postgres", folder);
    }

    private static OtherUms start(String what, Path folder) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherUms.class.getName(),
                        what,
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said = process.inputReader();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.equals("ready")) {
                return new OtherUms(process);
            }
        }
        throw new IllegalStateException("the other process ended before it was ready");
    }

    /** The main method of the other process. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[1]);
        AutoCloseable held = switch (args[0]) {
            case "home" -> new UmsHome(folder);
            default -> EmbeddedPostgres.start(folder, TestPrograms.FOLDER, ServerAccount::choose);
        };
        // Read by the process that started this one.
        System.out.println("ready");
        // Until it is killed, or its input ends because the test is over.
        System.in.read();
        held.close();
    }

    long pid() {
        return process.pid();
    }

    /** As {@code kill -9} does it; returns when it is dead. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
