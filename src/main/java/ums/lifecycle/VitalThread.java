package ums.lifecycle;

/**
 * A thread without which this process does not do its work, and which nobody starts again once it has ended. Liveness fails
 * where one is gone, so that the process is started anew.
 */
public interface VitalThread {

    /** Its name, as a thread dump has it. */
    String threadName();

    /** Whether it should be there and is not. */
    boolean isGone();
}
