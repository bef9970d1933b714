package ums.access;

/** What an admin may do; each may do what those before it may. */
public enum AdminRole {
    /** Reads: messages, failures, keys (not their secrets), the audit log, the inbox. */
    VIEWER,
    /** Also retries and resolves failures, cancels messages, and keeps what customers ask to be spared. */
    OPERATOR,
    /** Also makes and revokes keys, and anything else. */
    ADMIN
}
