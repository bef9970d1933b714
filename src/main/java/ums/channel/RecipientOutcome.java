package ums.channel;

/** What became of one recipient in one attempt. */
public record RecipientOutcome(Recipient recipient, Outcome outcome) {}
