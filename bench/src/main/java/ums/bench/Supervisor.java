package ums.bench;

import java.io.IOException;
import java.util.List;

/** Restarts a UMS process that ended by itself, like the operating system's supervisor. */
final class Supervisor implements AutoCloseable {

    private static final int LOOKING = 500;

    private final List<UmsProcess> processes;
    private final Thread thread;

    Supervisor(List<UmsProcess> processes) {
        this.processes = processes;
        thread = Thread.ofPlatform().daemon().start(this::watch);
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(LOOKING);
                for (UmsProcess process : processes) {
                    if (process.startAgain()) {
                        Thread.ofVirtual().start(() -> awaitReady(process));
                    }
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitReady(UmsProcess process) {
        try {
            process.awaitReady(Site.STARTING);
        } catch (IOException | InterruptedException e) {
            // The run fails anyway, as the process's port stays closed.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
