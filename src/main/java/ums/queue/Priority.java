package ums.queue;

/** The priority of an entry. Entries are claimed in the order of these constants. */
public enum Priority {
    HIGH,
    NORMAL,
    LOW
}
