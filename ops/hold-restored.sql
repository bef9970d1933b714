-- Run after a restore and before any process sends: moves the entries that were in progress or had been attempted at the time
-- of the back-up to MANUAL_REVIEW, as they may have been sent since. Run by the owner of the tables:
--   psql -v ON_ERROR_STOP=1 -f ops/hold-restored.sql "$DATABASE"
begin;

with held as (
    update outbox
    set state = 'DONE', published_at = now(), relayed_at = null, next_attempt_at = null, due_since = null,
        processing_started_at = null, claim_token = null
    where state <> 'DONE'
      -- Without the next line every open entry is held, also those without an attempt.
      and (processing_started_at is not null or attempt_count > 0)
    returning id, aggregate_id
), reviewed as (
    update message m
    set status = 'MANUAL_REVIEW', updated_at = now(), processing_started_at = null, next_attempt_at = null,
        last_error = jsonb_build_object('type', 'UNKNOWN_OUTCOME', 'text', 'held after a restore'),
        events = m.events || jsonb_build_object(
            'type', 'review', 'at', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'error', jsonb_build_object('type', 'UNKNOWN_OUTCOME', 'text', 'held after a restore'))
    from held
    where m.id = held.aggregate_id and m.status in ('ACCEPTED', 'PROCESSING', 'RETRY')
    returning m.id, m.attempt_count, held.id as outbox_id
)
insert into send_failure (id, message_id, outbox_id, error_type, error_message, attempt_count, occurred_at)
select
    -- A UUIDv7, as failures are listed by id.
    (lpad(to_hex((extract(epoch from now()) * 1000)::bigint), 12, '0') || '7'
        || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid,
    id, outbox_id, 'UNKNOWN_OUTCOME', 'held after a restore', attempt_count, now()
from reviewed
on conflict (message_id) where not handled do nothing;

commit;
