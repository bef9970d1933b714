package ums.observability.alert;

import java.time.Instant;

/**
 * An alert, or its all-clear.
 *
 * @param kind the kind of trouble
 * @param firing true for trouble, false for the all-clear
 * @param count how many times it happened since the last alert of the kind
 * @param since when the trouble began
 * @param at when the alert was made
 * @param text for people; without addresses or content of messages
 */
record Alert(AlertKind kind, boolean firing, long count, Instant since, Instant at, String text) {}
