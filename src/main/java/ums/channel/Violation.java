package ums.channel;

/**
 * One fault in what a caller sent.
 *
 * @param pointer where, as a JSON pointer (RFC 6901) into the message, for instance {@code /to/0}
 * @param detail what is wrong and what would be right, in a sentence for people; never repeats the value
 */
public record Violation(String pointer, String detail) {}
