package ums.channel;

/**
 * One violation in a caller's request.
 *
 * @param pointer a JSON pointer (RFC 6901) into the message, for instance {@code /to/0}
 * @param detail the error and its remedy, in a sentence for people; never repeats the value
 */
public record Violation(String pointer, String detail) {}
