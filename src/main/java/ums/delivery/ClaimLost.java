package ums.delivery;

/**
 * A claim failed, or was lost to another owner, so that what this process had to say about it was not written.
 *
 * @param reason one of a few words: {@code lost}, {@code error}, {@code status}
 */
public record ClaimLost(String reason) {}
