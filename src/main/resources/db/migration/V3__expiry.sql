-- When an order becomes pointless. The queue knows it itself, so that neither a claim nor the sweep asks the ledger.
alter table outbox add column expires_at timestamptz;

update outbox o set expires_at = m.expires_at
from message m
where m.id = o.aggregate_id and m.expires_at is not null and not o.published;

-- What the sweep looks for; orders that never expire cost it nothing.
create index outbox_expiring on outbox (expires_at) where expires_at is not null and not published;
