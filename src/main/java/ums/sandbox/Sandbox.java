package ums.sandbox;

/**
 * Whether this is the sandbox.
 *
 * @param on true where no provider is configured: nothing leaves the machine, every message goes to the {@link Inbox}
 */
public record Sandbox(boolean on) {}
