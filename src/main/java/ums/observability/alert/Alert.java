package ums.observability.alert;

import java.time.Instant;

/**
 * What an operator is told.
 *
 * @param kind of what
 * @param firing true where there is trouble, false where it is over
 * @param count how many times since the last alert of the kind
 * @param since when the trouble began
 * @param at when this was said
 * @param text for people; without addresses and content
 */
record Alert(AlertKind kind, boolean firing, long count, Instant since, Instant at, String text) {}
