package ums.queue;

/**
 * A heartbeat of a process that claims.
 *
 * @param process the process's id, as in {@code outbox.claimed_by}
 * @param at its time as the database writes it, so that it is not rounded
 */
public record ProcessBeat(String process, String at) {}
