package ums.lifecycle;

/**
 * A thread that the process cannot work without, and that is not restarted after it ended. The liveness probe fails if one is
 * gone, so that the process is restarted.
 */
public interface VitalThread {

    /** The thread's name, as in a thread dump. */
    String threadName();

    /** Whether the thread has ended although the process runs. */
    boolean isGone();
}
