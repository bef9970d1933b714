package ums.delivery;

/** A reader of the queue that does not claim: the relay. */
public interface QueueReader {

    /** Entries were appended, by this process or another one. Several calls at the same moment are followed by one scan. */
    void wake();
}
