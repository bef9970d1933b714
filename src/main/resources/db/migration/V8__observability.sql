-- Since when an order that had been put off has been due. Else what was scheduled weeks ago, or has been tried for hours,
-- would look as if it had waited in the queue for as long. Nothing is written for orders that were never put off.
alter table outbox add column due_since timestamptz;
create index outbox_due_since on outbox (due_since)
    where not published and processing_started_at is null and next_attempt_at is null and due_since is not null;

-- With the number, so that delayed orders can be counted in small steps where many wait for the same moment.
drop index outbox_delayed;
create index outbox_delayed on outbox (next_attempt_at, id)
    where not published and processing_started_at is null and next_attempt_at is not null;

-- The caller's trace (W3C Trace Context), kept where traces are exported, so that the send is a part of it.
alter table message_content add column traceparent text;
