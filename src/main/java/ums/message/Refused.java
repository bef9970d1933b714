package ums.message;

/**
 * A request was refused; nothing was stored.
 *
 * @param reason the exception that {@link MessageService#accept} throws for it
 */
public record Refused(RuntimeException reason) implements Acceptance {}
