package ums.access;

/**
 * Somebody who is let in to administrate.
 *
 * @param name as the audit log names him
 * @param role what he may do
 */
public record Admin(String name, AdminRole role) {}
