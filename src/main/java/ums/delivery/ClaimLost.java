package ums.delivery;

/**
 * A claim failed, or was lost to another owner, so that its result was not written.
 *
 * @param reason {@code lost}, {@code error} or {@code status}
 */
public record ClaimLost(String reason) {}
