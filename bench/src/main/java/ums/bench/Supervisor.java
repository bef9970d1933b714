package ums.bench;

import java.io.IOException;
import java.util.List;

/** Starts a UMS process again that ended without being asked to, as an operating system's would. */
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
            // Its port stays closed, which nobody can overlook.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
