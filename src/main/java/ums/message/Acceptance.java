package ums.message;

/** What became of one of several requests to send. */
public sealed interface Acceptance permits Accepted, Refused {}
