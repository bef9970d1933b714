-- What is left for a person: a message that failed, is in review, or was refused for some of its recipients.
create table send_failure (
    id            uuid        not null primary key, -- UUIDv7: the order of occurrence, near enough to page by
    message_id    uuid        not null,
    outbox_id     bigint      not null,
    error_type    text        not null,
    smtp_code     integer,
    error_message text,
    attempt_count integer     not null,
    occurred_at   timestamptz not null,
    handled       boolean     not null default false,
    handled_by    text,
    handled_at    timestamptz,
    resolution    text,
    check (handled = (handled_by is not null and handled_at is not null and resolution is not null))
);

-- At most one open failure of a message, and how it is found.
create unique index send_failure_open_message on send_failure (message_id) where not handled;
-- What an admin looks through: the open ones, all or of one type.
create index send_failure_open on send_failure (id) where not handled;
create index send_failure_open_type on send_failure (error_type, id) where not handled;
-- A message that is removed takes its failures along.
create index send_failure_message on send_failure (message_id);

-- Who did what, when and why. Rows are only ever added, whoever writes the SQL.
create table audit_entry (
    id     uuid        not null primary key, -- UUIDv7: the order of the list
    at     timestamptz not null,
    who    text        not null,
    action text        not null,
    target text        not null,
    reason text
);

create function refuse_change_of_audit() returns trigger language plpgsql as $$
begin
    raise exception 'audit_entry is append-only' using errcode = 'insufficient_privilege';
end
$$;

create trigger audit_entry_append_only before update or delete or truncate on audit_entry
    for each statement execute function refuse_change_of_audit();

-- Admins look for a reference over all clients: the same index, led by what both kinds of look-up know.
drop index message_reference;
create index message_reference on message (reference, client, id) where reference is not null;
