package ums.delivery;

/**
 * Claims were taken over and settled in the stead of owners who would not do it any more: a process died or hangs.
 *
 * @param count how many
 */
public record ClaimsRescued(int count) {}
