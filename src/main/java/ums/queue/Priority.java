package ums.queue;

/** Which orders are claimed first; the order of the constants is the order of the queue. */
public enum Priority {
    HIGH,
    NORMAL,
    LOW
}
