package ums.access;

/**
 * An authenticated admin.
 *
 * @param name the name in the audit log
 * @param role the permissions
 */
public record Admin(String name, AdminRole role) {}
