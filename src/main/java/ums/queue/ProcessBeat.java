package ums.queue;

/**
 * A heartbeat of a process that claims.
 *
 * @param process as claims are signed
 * @param at when it was written, as the database writes it, so that nothing of it is rounded
 */
public record ProcessBeat(String process, String at) {}
