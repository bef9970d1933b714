package ums.message;

/** The answer to one of several requests to send. */
public sealed interface Acceptance permits Accepted, Refused {}
