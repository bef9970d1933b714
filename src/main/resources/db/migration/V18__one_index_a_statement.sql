-- Where vacuum has last seen a queue with nothing in it, PostgreSQL takes each partial index for empty and walking through
-- one for free, however many dead entries an old snapshot keeps there. So no statement on the queue may have a second index
-- to choose from: these two are used only by those who ask by these very words, which nothing else implies.
drop index outbox_open_aggregate;
create unique index outbox_open_aggregate on outbox (aggregate_id)
    where coalesce(not published or relayed_at is not null, true);

-- With the number, so that they can be counted in small steps.
drop index outbox_due_since;
create index outbox_due_since on outbox (due_since, id)
    where due_since is not null
      and coalesce(not published and processing_started_at is null and next_attempt_at is null, false);
