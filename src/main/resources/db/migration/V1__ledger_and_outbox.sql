-- The ledger: what was asked for and what became of it. Narrow, because its row is written at every change of status;
-- the payload is written once, beside it. Nothing indexes a column that changes, so that those writes stay HOT.
create table message (
    id                    uuid        not null primary key, -- UUIDv7: the order of acceptance, near enough to page by
    client                text        not null,
    test                  boolean     not null,
    channel               text        not null,
    status                text        not null check (status in
        ('ACCEPTED', 'PROCESSING', 'SENT', 'RETRY', 'FAILED', 'MANUAL_REVIEW', 'CANCELED', 'EXPIRED')),
    purpose               text        not null check (purpose in ('NORMAL', 'COLLECTION', 'LEGAL_NOTICE')),
    priority              text        not null check (priority in ('HIGH', 'NORMAL', 'LOW')),
    on_unknown            text        check (on_unknown in ('RETRY', 'REVIEW')),
    reference             text,
    scheduled_at          timestamptz,
    expires_at            timestamptz,
    idempotency_key       text,
    request_hash          bytea,
    created_at            timestamptz not null,
    updated_at            timestamptz not null,
    attempt_count         integer     not null default 0,
    processing_started_at timestamptz,
    next_attempt_at       timestamptz,
    sent_at               timestamptz,
    recipients            jsonb       not null,
    last_error            jsonb,
    events                jsonb       not null default '[]'
) with (fillfactor = 70);

create unique index message_idempotency on message (client, idempotency_key) where idempotency_key is not null;
create index message_client on message (client, id);
create index message_reference on message (client, reference, id) where reference is not null;

create table message_content (
    message_id uuid  not null primary key,
    content    jsonb not null,
    tags       jsonb
);

-- The queue. A row is one order to send: ready (waits for nothing), delayed (waits for next_attempt_at), processing
-- (claimed: a token and since when), or published (the queue is done with it, however it ended).
create table outbox (
    id                    bigint      generated always as identity primary key,
    aggregate_id          uuid        not null, -- the message
    channel               text        not null,
    priority              smallint    not null, -- 0 HIGH, 1 NORMAL, 2 LOW
    published             boolean     not null default false,
    attempt_count         integer     not null default 0,
    created_at            timestamptz not null,
    next_attempt_at       timestamptz,
    processing_started_at timestamptz,
    claim_token           uuid,
    claimed_by            text,
    published_at          timestamptz,
    check ((processing_started_at is null) = (claim_token is null)),
    check ((published_at is null) = (not published)),
    check (not published or claim_token is null)
) with (fillfactor = 70);

-- At most one open order for a message, and how it is found.
create unique index outbox_unpublished_aggregate on outbox (aggregate_id) where not published;
create index outbox_unpublished_created on outbox (created_at, id) where not published;
-- What a claim takes, in the order it takes it.
create index outbox_ready on outbox (priority, id)
    where not published and processing_started_at is null and next_attempt_at is null;
create index outbox_delayed on outbox (next_attempt_at)
    where not published and processing_started_at is null and next_attempt_at is not null;
create index outbox_processing on outbox (processing_started_at) where processing_started_at is not null;

-- A queue's table turns over quickly: left to the defaults, dead rows pile up where every claim begins to look.
alter table outbox set (
    autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.1);
alter table message set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 5000);

create table api_key (
    id           uuid        not null primary key,
    client       text        not null,
    name         text        not null,
    mode         text        not null check (mode in ('live', 'test')),
    key_hash     bytea       not null unique, -- SHA-256: the key is 32 random bytes, there is nothing to guess
    senders      text[]      not null default '{}', -- empty: any
    created_at   timestamptz not null,
    expires_at   timestamptz,
    revoked_at   timestamptz
);
