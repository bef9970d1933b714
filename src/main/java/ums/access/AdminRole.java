package ums.access;

/** The permissions of an admin. Each role includes those before it. */
public enum AdminRole {
    /** Reads: messages, failures, keys (not their secrets), the audit log, the inbox. */
    VIEWER,
    /** Also retries and resolves failures, cancels messages, and records customers' contact preferences. */
    OPERATOR,
    /** Also creates and revokes API keys, and everything else. */
    ADMIN
}
