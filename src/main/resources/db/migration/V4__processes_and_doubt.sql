-- Who claims, and when it was last heard of, by this database's clock.
create table process (
    id         text        not null primary key, -- as outbox.claimed_by says it
    started_at timestamptz not null default now(),
    beat_at    timestamptz not null
);

-- in_doubt: the provider may have the message, so that its outcome is unknown should the owner of the claim die. True from
-- the claim on, except for messages whose unknown outcome a person is to review: theirs becomes true right before the
-- final dot. settled_token: whose settlement was the last, for an owner whose answer was lost.
alter table outbox
    add column in_doubt boolean not null default false,
    add column settled_token uuid;

-- How far the sends of a channel with a rate have been spent ahead, over all processes.
create table pace (
    channel     text        not null primary key,
    spent_until timestamptz not null
);
