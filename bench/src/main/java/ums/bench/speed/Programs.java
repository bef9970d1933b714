package ums.bench.speed;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The programs that a run starts besides UMS and PostgreSQL. They end with it. */
final class Programs implements AutoCloseable {

    private final Set<Process> running = ConcurrentHashMap.newKeySet();

    /** Runs a program to its end and returns its output. */
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

    /** Starts a program whose output the caller reads. */
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

    /** The path of a program; if it is missing, the exception says how to install it. */
    static String require(String name, String debianPackage) throws IOException {
        for (String folder : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(folder, name))) {
                return Path.of(folder, name).toString();
            }
        }
        throw new IOException(name + " is missing: apt-get install " + debianPackage);
    }
}
