-- Changes of status, to be told on Kafka's topic. Written by the statement that makes the change, whatever it is, and only
-- over connections that say so: without Kafka none does, and the condition is all there is.
create table message_event (
    id         bigint      generated always as identity primary key, -- for one message, the order of its changes
    event_id   uuid        not null default gen_random_uuid(),
    message_id uuid        not null,
    status     text        not null,
    at         timestamptz not null,
    attempt    integer     not null,
    error_type text,
    relayed_at timestamptz
);
create index message_event_waiting on message_event (id) where relayed_at is null;
-- What is told again, and what is old enough to go.
create index message_event_at on message_event (at, id);
alter table message_event set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);

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
-- Also where the row said the same before: RETRY comes from PROCESSING, which only the queue knows of.
create trigger message_event_changed after update of status on message
    for each row when (current_setting('ums.events', true) = 'on') execute function note_message_event();

-- Which events an admin wants told once more, and how far that has come.
create table event_replay (
    id       bigint      generated always as identity primary key,
    from_at  timestamptz not null,
    to_at    timestamptz not null,
    after_at timestamptz not null,
    after_id bigint      not null
);
