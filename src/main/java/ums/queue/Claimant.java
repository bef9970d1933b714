package ums.queue;

/**
 * Who claims.
 *
 * @param process what its claims are signed with, as the table of processes has it
 * @param reviews whether an unknown outcome goes to a person where an order does not say; else it is sent again
 */
public record Claimant(String process, boolean reviews) {}
