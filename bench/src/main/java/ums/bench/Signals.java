package ums.bench;

import java.io.IOException;

/** Signals that Java cannot send. */
public final class Signals {

    private Signals() {}

    /**
     * Sends a signal to a process that this program started.
     *
     * @param name without SIG: STOP, CONT, INT, TERM, KILL
     */
    public static void send(String name, long pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(pid))
                .inheritIO()
                .start()
                .waitFor();
    }
}
