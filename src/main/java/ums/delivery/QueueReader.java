package ums.delivery;

/** Who reads the queue without claiming. */
public interface QueueReader {

    /** Something was put into the queue, here or by another process. However many call, one look follows. */
    void wake();
}
