-- A lender's loans. Where one may go from where it stands is the service's to know; a change is one guarded UPDATE.
create table loan (
    id              uuid        not null primary key,
    client          text        not null,
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

create unique index loan_idempotency on loan (client, idempotency_key) where idempotency_key is not null;

-- What happened to it. A row is committed with the change and with the message that tells the customer, whose idempotency
-- key is chr(31) || 'loan:' || the row's id.
create table loan_history (
    id              uuid        not null primary key,
    number          bigint      generated always as identity, -- a loan's rows in their order
    loan_id         uuid        not null references loan,
    client          text        not null,
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

create index loan_history_loan on loan_history (loan_id, number);
create unique index loan_history_idempotency on loan_history (client, idempotency_key) where idempotency_key is not null;
