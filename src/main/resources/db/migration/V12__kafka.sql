-- Since when an order is on Kafka's topic, published, and neither claimed nor settled. Null for ever without Kafka.
alter table outbox add column relayed_at timestamptz;
alter table outbox add check (relayed_at is null or (published and claim_token is null));

-- An order is open until it is settled, on the topic too. Without Kafka both predicates are "not published", as before.
drop index outbox_unpublished_aggregate;
create unique index outbox_open_aggregate on outbox (aggregate_id) where not published or relayed_at is not null;
drop index outbox_expiring;
create index outbox_expiring on outbox (expires_at)
    where expires_at is not null and (not published or relayed_at is not null);
-- How many are on the topic, and which for too long. Empty without Kafka.
create index outbox_relayed on outbox (relayed_at) where relayed_at is not null;

-- Which process relays, and until when the others leave it to that one.
create table relay_lease (
    id    boolean     not null primary key default true check (id),
    owner text        not null,
    until timestamptz not null
);
