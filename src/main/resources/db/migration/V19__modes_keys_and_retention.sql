-- A client's live and test messages are worlds of their own: keys, lists and loans know the mode.
drop index message_idempotency;
create unique index message_idempotency on message (client, test, idempotency_key) where idempotency_key is not null;
drop index message_client;
create index message_client on message (client, test, id);
-- In the order of the list, whoever's they are: else a reference that a million messages have would be sorted for each page.
drop index message_reference;
create index message_reference on message (reference, id) where reference is not null;

drop index loan_idempotency;
create unique index loan_idempotency on loan (client, test, idempotency_key) where idempotency_key is not null;
alter table loan_history add column test boolean not null default false;
update loan_history h set test = true from loan l where l.id = h.loan_id and l.test;
drop index loan_history_idempotency;
create unique index loan_history_idempotency on loan_history (client, test, idempotency_key)
    where idempotency_key is not null;

-- Idempotency keys whose message retention has removed before the key was 30 days old, with the answer that a repeated
-- request gets. Empty where messages are kept for longer.
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

-- What lists show stays in content; text, html and headers are read to send the message or to show it whole.
alter table message_content add column body text;

-- Handled failures are listed too, all or of one type.
create index send_failure_handled on send_failure (id) where handled;
create index send_failure_handled_type on send_failure (error_type, id) where handled;

-- Keys that do not work any more are kept for as long as the audit log that names them.
create index api_key_ended on api_key (least(revoked_at, expires_at)) where least(revoked_at, expires_at) is not null;

-- Entries of the audit log are only ever added, and removed by retention: when they are older than 30 days, in a transaction
-- that says so. Everything else is refused, whoever writes the SQL.
drop trigger audit_entry_append_only on audit_entry;

create or replace function refuse_change_of_audit() returns trigger language plpgsql as $$
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
