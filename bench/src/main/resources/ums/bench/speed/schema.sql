-- Minimal tables for a ledger and a queue. PostgreSQL's own rate on them is the limit that UMS is compared with.
drop table if exists outbox, message;

create table message (
    id              uuid        not null primary key,
    idempotency_key text        not null unique,
    channel         text        not null,
    recipient       text        not null,
    payload         text        not null,
    status          text        not null default 'QUEUED',
    created_at      timestamptz not null default now()
);

create table outbox (
    id              bigint      generated always as identity primary key,
    message_id      uuid        not null,
    state           smallint    not null default 0,
    attempts        smallint    not null default 0,
    next_attempt_at timestamptz not null default now(),
    claimed_until   timestamptz,
    published_at    timestamptz
);

create index outbox_pending on outbox (next_attempt_at, id) where published_at is null;
