package ums.sandbox;

/**
 * Whether this is the sandbox.
 *
 * @param on true where no SMTP server is configured: nothing leaves the machine, all e-mail goes to the {@link Inbox}
 */
public record Sandbox(boolean on) {}
