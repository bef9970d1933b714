package ums.message;

/**
 * One of several requests was refused; nothing of it was stored.
 *
 * @param reason what {@link MessageService#accept} would have thrown for it
 */
public record Refused(RuntimeException reason) implements Acceptance {}
