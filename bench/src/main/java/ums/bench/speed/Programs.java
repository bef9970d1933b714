package ums.bench.speed;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The programs that a run starts beside UMS and PostgreSQL; none outlives it. */
final class Programs implements AutoCloseable {

    private final Set<Process> running = ConcurrentHashMap.newKeySet();

    /** Runs one to its end and gives what it printed. */
    String run(Map<String, String> environment, List<String> words) throws IOException, InterruptedException {
        Process process = start(environment, words);
        try (BufferedReader out = process.inputReader()) {
            String text = out.readAllAsString();
            int code = process.waitFor();
            if (code != 0) {
                throw new IOException(words.getFirst() + " ended with " + code + ": " + text);
            }
            return text;
        } finally {
            end(process);
        }
    }

    /** Starts one whose output the caller reads. */
    Process start(Map<String, String> environment, List<String> words) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        running.add(process);
        return process;
    }

    void end(Process process) throws InterruptedException {
        process.destroy();
        process.waitFor();
        running.remove(process);
    }

    @Override
    public void close() {
        running.forEach(Process::destroyForcibly);
    }

    /** The program of this name, or how to get it. */
    static String require(String name, String debianPackage) throws IOException {
        for (String folder : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(folder, name))) {
                return Path.of(folder, name).toString();
            }
        }
        throw new IOException(name + " is missing: apt-get install " + debianPackage);
    }
}
