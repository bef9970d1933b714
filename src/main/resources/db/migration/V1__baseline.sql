-- The ledger: what was asked for and what became of it. Rows are narrow, because each change of status writes one; the
-- payload is in message_content. No index covers a column that changes, so that these updates stay HOT.
create table message (
    id                    uuid        not null primary key, -- UUIDv7: sorts by acceptance, so lists page by it
    client                text        not null,
    test                  boolean     not null,             -- sent with a test key
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
    ordering_key          text,
    provider              text, -- the id of the account that had the last attempt, or has to have the next one
    bound                 boolean     not null default false, -- no other account may have it
    provider_message_id   text, -- what that provider calls the message
    created_at            timestamptz not null,
    updated_at            timestamptz not null,
    attempt_count         integer     not null default 0,
    processing_started_at timestamptz,
    next_attempt_at       timestamptz,
    sent_at               timestamptz,
    recipients            jsonb       not null,
    last_error            jsonb,
    events                jsonb       not null default '[]'
) with (
    -- A row is written once more when its attempt ends, and grows by the reply: the update stays HOT while its page has room.
    fillfactor = 40, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 5000);

create unique index message_idempotency on message (client, test, idempotency_key) where idempotency_key is not null;
create index message_client on message (client, test, id);
create index message_reference on message (reference, id) where reference is not null;

-- The payload, written once. Lists read the summary only; content can be long.
create table message_content (
    message_id  uuid     not null primary key,
    form        smallint not null default 1, -- the version of the stored form
    summary     text     not null,           -- JSON: sender, recipients, subject
    content     text     not null,           -- JSON: everything else
    tags        text,                        -- JSON
    traceparent text,                        -- W3C Trace Context of the request, where traces are exported
    recipient   text,                        -- the first recipient in lower case, for the search
    recipients  text[]                       -- all of them, where there are several
);

create index message_content_recipient on message_content (recipient, message_id);
create index message_content_recipients on message_content using gin (recipients) where recipients is not null;

-- Idempotency keys whose message retention has deleted before the key was 30 days old.
create table idempotency_key (
    client          text        not null,
    test            boolean     not null,
    idempotency_key text        not null,
    request_hash    bytea       not null,
    message_id      uuid        not null,
    created_at      timestamptz not null, -- of the message
    primary key (client, test, idempotency_key)
);
create index idempotency_key_created on idempotency_key (created_at);

-- The queue. One entry is one message to send. Each state has an index of its own, and no statement implies the predicates of
-- two: after a vacuum of an empty queue PostgreSQL believes that walking any partial index is free, however many dead entries
-- an old snapshot keeps in it. That is why open is a column: state = 'READY' would imply state <> 'DONE'.
--   READY       may be claimed
--   DELAYED     waits for next_attempt_at
--   PARKED      waits for its destination to recover
--   PROCESSING  claimed under claim_token
--   RELAYED     on Kafka's topic, not claimed yet
--   DONE        the queue has finished with it, however the message ended
create table outbox (
    id                    bigint      generated always as identity primary key,
    aggregate_id          uuid        not null, -- the message
    channel               text        not null,
    form                  smallint    not null default 1, -- as message_content has it: a process claims only forms that it knows
    priority              smallint    not null, -- 0 HIGH, 1 NORMAL, 2 LOW
    state                 text        not null default 'READY'
        check (state in ('READY', 'DELAYED', 'PARKED', 'PROCESSING', 'RELAYED', 'DONE')),
    published             boolean     not null generated always as (state in ('RELAYED', 'DONE')) stored,
    open                  boolean     not null generated always as (state <> 'DONE') stored,
    ordering_key          text,
    attempt_count         integer     not null default 0,
    created_at            timestamptz not null,
    next_attempt_at       timestamptz,
    due_since             timestamptz, -- of a READY entry that was DELAYED: when it became due
    processing_started_at timestamptz,
    claim_token           uuid,
    claimed_by            text,
    provider              text, -- the id of the account that the claim's attempt is at
    review                boolean, -- whether an unknown outcome is reviewed; null: as the process's default says
    in_doubt              boolean     not null default false, -- claimed, and the provider may have the message
    settled_token         uuid,    -- of the last settlement, for a process whose answer was lost
    expires_at            timestamptz,
    relayed_at            timestamptz,
    published_at          timestamptz,
    check ((state = 'PROCESSING') = (claim_token is not null)),
    check ((state = 'PROCESSING') = (processing_started_at is not null)),
    check ((state = 'DELAYED') = (next_attempt_at is not null)),
    check ((state = 'RELAYED') = (relayed_at is not null)),
    check (due_since is null or state = 'READY'),
    check ((state in ('RELAYED', 'DONE')) = (published_at is not null))
) with (
    -- A queue turns over quickly: by the defaults, dead rows pile up where every claim begins its scan.
    fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.1);

create index outbox_ready on outbox (channel, priority, id) where state = 'READY';
create index outbox_due on outbox (due_since, id) where due_since is not null;
create index outbox_delayed on outbox (next_attempt_at, id) where state = 'DELAYED';
create index outbox_processing on outbox (processing_started_at) where state = 'PROCESSING';
create index outbox_relayed on outbox (relayed_at) where state = 'RELAYED';
create index outbox_expiring on outbox (expires_at) where expires_at is not null and state <> 'DONE';
create unique index outbox_open on outbox (aggregate_id) where open;

-- The processes that claim, and their heartbeats by the database's clock.
create table process (
    id         text        not null primary key, -- as outbox.claimed_by has it
    started_at timestamptz not null default now(),
    beat_at    timestamptz not null
);

-- The token bucket of each account with a rate, shared by all processes.
create table rate_limit (
    provider    text        not null primary key,
    spent_until timestamptz not null
);

-- What a person has to decide: a message that failed, is in review, or was refused for some of its recipients.
create table send_failure (
    id            uuid        not null primary key, -- UUIDv7: sorts by occurrence, so lists page by it
    message_id    uuid        not null,
    outbox_id     bigint      not null,
    error_type    text        not null,
    provider      text, -- the id of the account
    code          text, -- the provider's code
    error_message text,
    attempt_count integer     not null,
    occurred_at   timestamptz not null,
    handled       boolean     not null default false,
    handled_by    text,
    handled_at    timestamptz,
    resolution    text,
    check (handled = (handled_by is not null and handled_at is not null and resolution is not null))
);
create unique index send_failure_open_message on send_failure (message_id) where not handled;
create index send_failure_open on send_failure (id) where not handled;
create index send_failure_open_type on send_failure (error_type, id) where not handled;
create index send_failure_handled on send_failure (id) where handled;
create index send_failure_handled_type on send_failure (error_type, id) where handled;
create index send_failure_message on send_failure (message_id);

-- Changes of status for Kafka's topic. Triggers write them in the statement that changes the status, over connections that
-- set ums.events; without Kafka none does.
create table message_event (
    id         bigint      generated always as identity primary key, -- for one message, the order of its changes
    event_id   uuid        not null default gen_random_uuid(),
    message_id uuid        not null,
    status     text        not null,
    at         timestamptz not null,
    attempt    integer     not null,
    error_type text,
    relayed_at timestamptz
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
create index message_event_waiting on message_event (id) where relayed_at is null;
create index message_event_at on message_event (at, id);

create function note_message_event() returns trigger language plpgsql as $$
begin
    insert into message_event (message_id, status, at, attempt, error_type)
    values (new.id, new.status, new.updated_at, new.attempt_count,
        case when new.status in ('RETRY', 'FAILED', 'MANUAL_REVIEW') then new.last_error ->> 'type' end);
    return null;
end
$$;

create trigger message_event_accepted after insert on message
    for each row when (current_setting('ums.events', true) = 'on') execute function note_message_event();
-- A change from RETRY to RETRY counts too: the queue alone knows that the message was PROCESSING in between.
create trigger message_event_changed after update of status on message
    for each row when (current_setting('ums.events', true) = 'on') execute function note_message_event();

-- Time ranges whose events an admin wants published again, and how far each has come.
create table event_replay (
    id       bigint      generated always as identity primary key,
    from_at  timestamptz not null,
    to_at    timestamptz not null,
    after_at timestamptz not null,
    after_id bigint      not null
);

-- The process that relays, and until when.
create table relay_lease (
    id    boolean     not null primary key default true check (id),
    owner text        not null,
    until timestamptz not null
);

-- What each process did in ten seconds, for the console's charts. Rows older than a day are deleted.
create table throughput (
    at       timestamptz not null, -- when the ten seconds began
    process  uuid        not null,
    accepted integer     not null,
    sent     integer     not null,
    failed   integer     not null,
    primary key (at, process)
);

create table api_key (
    id           uuid        not null primary key,
    client       text        not null,
    name         text        not null,
    mode         text        not null check (mode in ('live', 'test')),
    key_hash     bytea       not null unique, -- SHA-256: the key is 32 random bytes, so it needs no salt
    senders      text[]      not null default '{}', -- empty: any
    scopes       text[]      not null default '{}', -- empty: all
    created_at   timestamptz not null,
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz -- to the minute; not indexed, so that the update is HOT
);
create index api_key_ended on api_key (least(revoked_at, expires_at)) where least(revoked_at, expires_at) is not null;

-- Who did what, when and why.
create table audit_entry (
    id     uuid        not null primary key, -- UUIDv7: sorts by time
    at     timestamptz not null,
    who    text        not null,
    action text        not null,
    target text        not null,
    reason text
);

-- Entries are inserted only. Retention may delete those older than 30 days, in a transaction that sets ums.audit_retention.
create function refuse_change_of_audit() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if old.at < now() - interval '30 days' and current_setting('ums.audit_retention', true) = 'on' then
            return old;
        end if;
    end if;
    raise exception 'audit_entry is append-only' using errcode = 'insufficient_privilege';
end
$$;

create trigger audit_entry_append_only before update or truncate on audit_entry
    for each statement execute function refuse_change_of_audit();
create trigger audit_entry_kept before delete on audit_entry
    for each row execute function refuse_change_of_audit();

-- A lender's loans. Each change is one UPDATE guarded by the status before it.
create table loan (
    id              uuid        not null primary key,
    client          text        not null,
    test            boolean     not null,
    contract_no     text        not null,
    customer_id     text        not null,
    customer_email  text        not null,
    customer_name   text        not null,
    language        text        not null,
    principal       bigint      not null check (principal > 0), -- won
    status          text        not null,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    idempotency_key text,
    request_hash    bytea
);
create unique index loan_idempotency on loan (client, test, idempotency_key) where idempotency_key is not null;

-- Its changes. A row is committed with the change and with the message that tells the customer, whose idempotency key is
-- chr(31) || 'loan:' || the row's id.
create table loan_history (
    id              uuid        not null primary key,
    number          bigint      generated always as identity, -- the order of a loan's changes
    loan_id         uuid        not null references loan,
    client          text        not null,
    test            boolean     not null,
    from_status     text        not null,
    to_status       text        not null,
    event           text        not null,
    by              text        not null,
    reason          text,
    at              timestamptz not null,
    message_id      uuid        not null unique,
    idempotency_key text,
    request_hash    bytea
);
create unique index loan_history_idempotency on loan_history (client, test, idempotency_key)
    where idempotency_key is not null;
create index loan_history_loan on loan_history (loan_id, number);

-- When customers do not want to be contacted, by normalised address.
create table contact_preference (
    recipient        text   not null primary key,
    blocked          jsonb  not null, -- [{"day": "MONDAY", "from": 540, "to": 720}], minutes of the day in Korea
    blocked_channels text[] not null
);

-- Contacts by messages of purpose COLLECTION, one row a message. Reserved before an attempt begins; counted once the provider
-- took the message for a recipient, or may have.
create table contact (
    message_id  uuid        not null primary key,
    client      text        not null,
    test        boolean     not null,
    reference   text        not null,
    reserved_at timestamptz,
    counted_at  timestamptz
);
create index contact_reference on contact (client, test, reference, counted_at);
