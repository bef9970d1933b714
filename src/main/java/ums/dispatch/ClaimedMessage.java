package ums.dispatch;

import ums.message.Attempt;
import ums.outbox.Claim;

/** A claim, with what its attempt needs. */
record ClaimedMessage(Claim claim, Attempt attempt) {}
