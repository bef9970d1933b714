package ums.delivery;

/**
 * Claims of dead or stuck owners were taken over and settled on their behalf.
 *
 * @param count how many
 */
public record ClaimsRescued(int count) {}
