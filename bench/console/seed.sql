-- A million messages of three months, 10,000 of them with an open failure, a few waiting. The console is measured on them.
-- psql -v ON_ERROR_STOP=1 -f bench/console/seed.sql <a database migrated by UMS>
\set QUIET on
truncate message, message_content, outbox, send_failure;
create temporary table made as
select n, now() - n * interval '7.8 seconds' as at,
    ((lpad(to_hex(floor(extract(epoch from now() - n * interval '7.8 seconds') * 1000)::bigint), 12, '0')
        || '7' || lpad(to_hex(n % 4096), 3, '0') || '8' || lpad(to_hex(n), 15, '0')))::uuid as id,
    case when n % 100 = 0 then case when n % 300 = 0 then 'MANUAL_REVIEW' else 'FAILED' end
        when n % 50000 = 1 then 'CANCELED' when n <= 2000 and n % 2 = 0 then 'RETRY' else 'SENT' end as status,
    case when n % 10 < 7 then 'customer' || n % 200000 else 'busy' end || '@example' || n % 40 || '.com' as address
from generate_series(1, 1000000) n;
insert into message (id, client, test, channel, status, purpose, priority, reference, created_at, updated_at, attempt_count,
    sent_at, recipients, events)
select id, 'client' || n % 5, false, 'email', status, 'NORMAL', 'NORMAL', 'order:' || n, at, at, 1,
    case when status = 'SENT' then at end,
    jsonb_build_array(jsonb_build_object('address', address, 'kind', 'TO', 'status',
        case status when 'SENT' then 'SENT' when 'FAILED' then 'REFUSED' when 'MANUAL_REVIEW' then 'UNKNOWN' else 'PENDING' end)),
    jsonb_build_array(jsonb_build_object('type', 'sent', 'at', at, 'attempt', 1, 'code', '250', 'reply', '2.0.0 Ok: queued'))
from made;
insert into message_content (message_id, summary, content, recipient)
select id, json_build_object('from', 'Shop <no-reply@shop.example>', 'to', json_build_array(address), 'cc', '[]'::json,
    'bcc', '[]'::json, 'subject', 'Your order ' || n),
    json_build_object('text', repeat('Thank you for your order. ', 20)), address from made;
insert into send_failure (id, message_id, outbox_id, error_type, code, error_message, attempt_count, occurred_at)
select id, id, n, case when status = 'FAILED' then 'REJECTED' else 'UNKNOWN_OUTCOME' end,
    case when status = 'FAILED' then (550 + n / 100 % 4)::text end,
    case when status = 'FAILED' then (550 + n / 100 % 4) || ' 5.1.1 <' || address || '> no such user, queue ' || to_hex(n::bigint * 7919)
        else 'connection lost after the final dot' end, 1, at
from made where status in ('FAILED', 'MANUAL_REVIEW');
insert into outbox (aggregate_id, channel, priority, state, created_at, next_attempt_at)
select id, 'email', 1, 'DELAYED', at, now() + interval '1 day' from made where status = 'RETRY';
vacuum (analyze) message, message_content, outbox, send_failure;
