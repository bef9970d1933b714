-- The plans of every query on the path of a message, at 2 million entries, most of them DONE.
-- psql -v ON_ERROR_STOP=1 -f bench/plans.sql <an empty database migrated by UMS>; older ones stand in bench/notes/plans.md.
\set QUIET on
truncate message, message_content, outbox, idempotency_key;
insert into outbox (aggregate_id, channel, priority, state, published_at, created_at)
select gen_random_uuid(), 'email', n % 3, 'DONE', now(), now() - (2000000 - n) * interval '100 milliseconds'
from generate_series(1, 1900000) n;
insert into outbox (aggregate_id, channel, priority, created_at, expires_at)
select gen_random_uuid(), 'email', n % 3, now(), case when n % 10 = 0 then now() + (n - 1000) * interval '1 second' end
from generate_series(1, 80000) n;
insert into outbox (aggregate_id, channel, priority, state, created_at, next_attempt_at)
select gen_random_uuid(), 'email', n % 3, 'DELAYED', now(), now() + (n - 1000) * interval '1 second' from generate_series(1, 19936) n;
insert into outbox (aggregate_id, channel, priority, state, created_at, processing_started_at, claim_token)
select gen_random_uuid(), 'email', 1, 'PROCESSING', now(), now() - n * interval '3 seconds', gen_random_uuid() from generate_series(1, 64) n;
vacuum (analyze) outbox;
select aggregate_id as some from outbox where open limit 1 \gset
\pset tuples_only on
\echo '--- isOpen'
explain (analyze, buffers, costs off, summary off, timing off)
select exists (select from outbox where aggregate_id = :'some' and open);
\echo '--- claim (64)'
begin;
explain (analyze, buffers, costs off, summary off, timing off)
update outbox
set state = 'PROCESSING', due_since = null, processing_started_at = now(), claim_token = gen_random_uuid(), claimed_by = 'plan', attempt_count = attempt_count + 1,
    in_doubt = not coalesce(review, false), provider = 'smtp'
where id = any (array(
    select id from (
        select id from (
            select id from outbox
            where state = 'READY' and channel = 'email'
              and (priority, id) > (0::smallint, 0) and priority <= 0
              and form <= 1 and (expires_at is null or expires_at > now())
            order by priority, id
            limit 64
            for update skip locked) high
        union all
        select id from (
            select id from outbox
            where state = 'READY' and channel = 'email'
              and (priority, id) > (1::smallint, 0) and priority <= 1
              and form <= 1 and (expires_at is null or expires_at > now())
            order by priority, id
            limit 64
            for update skip locked) normal
        union all
        select id from (
            select id from outbox
            where state = 'READY' and channel = 'email'
              and (priority, id) > (2::smallint, 0) and priority <= 2
              and form <= 1 and (expires_at is null or expires_at > now())
            order by priority, id
            limit 64
            for update skip locked) low
        ) queue
    limit 64))
returning id, aggregate_id, channel, claim_token, attempt_count, processing_started_at, priority;
rollback;
\echo '--- claimOldest (4)'
begin;
explain (analyze, buffers, costs off, summary off, timing off)
update outbox
set state = 'PROCESSING', due_since = null, processing_started_at = now(), claim_token = gen_random_uuid(), claimed_by = 'plan', attempt_count = attempt_count + 1
where id = any (array(
    select id from outbox
    where id = any (array(
        select head.id from (values (0::smallint, 0), (1, 0), (2, 0)) as level (priority, mark),
        lateral (
            select id from outbox
            where state = 'READY' and channel = 'email'
              and (outbox.priority, id) > (level.priority, level.mark) and outbox.priority <= level.priority
              and form <= 1 and (expires_at is null or expires_at > now())
            order by outbox.priority, id
            limit 4) head
        order by head.id
        limit 4))
      and state || '' = 'READY'
    for update skip locked))
returning id, aggregate_id, channel, claim_token, attempt_count, priority;
rollback;
\echo '--- expire (500)'
begin;
explain (analyze, buffers, costs off, summary off, timing off)
update outbox set state = 'DONE', published_at = now(), next_attempt_at = null, due_since = null, relayed_at = null
where id = any (array(
    select id from outbox
    where state <> 'DONE' and expires_at <= now() and claim_token is null
    order by expires_at
    limit 500
    for update skip locked))
returning aggregate_id;
rollback;
\echo '--- withdraw'
begin;
explain (analyze, buffers, costs off, summary off, timing off)
update outbox set state = 'DONE', published_at = now(), next_attempt_at = null, due_since = null, relayed_at = null
where aggregate_id = :'some' and open and claim_token is null;
rollback;
\echo '--- releaseDue (1000)'
begin;
explain (analyze, buffers, costs off, summary off, timing off)
update outbox set state = 'READY', due_since = next_attempt_at, next_attempt_at = null
where id = any (array(
    select id from outbox
    where state = 'DELAYED' and next_attempt_at <= now()
    order by next_attempt_at
    limit 1000
    for update skip locked));
rollback;
\echo '--- nextDue'
explain (analyze, buffers, costs off, summary off, timing off)
select next_attempt_at from outbox
where state = 'DELAYED'
order by next_attempt_at limit 1;
\echo '--- settle (64)'
begin;
select array_agg(id) as ids, array_agg(claim_token) as tokens from outbox where state = 'PROCESSING' \gset
explain (analyze, buffers, costs off, summary off, timing off)
update outbox o
set state = case when result.until is null then 'DONE' else 'DELAYED' end, published_at = case when result.until is null then now() end,
    next_attempt_at = result.until, processing_started_at = null, claim_token = null, settled_token = result.token
from unnest(:'ids'::bigint[], :'tokens'::uuid[], array_fill(null::timestamptz, array[64])) as result (id, token, until)
where o.id = any (:'ids'::bigint[]) and o.id = result.id and o.claim_token = result.token
returning o.id;
rollback;
\echo '--- takeOver (2 minutes, 15 seconds)'
begin;
explain (analyze, buffers, costs off, summary off, timing off)
update outbox
set claim_token = gen_random_uuid()
where id = any (array(
    select o.id
    from outbox o
    where o.state = 'PROCESSING' and o.processing_started_at >= '-infinity'::timestamptz
      and (o.processing_started_at <= now() - 120000 * interval '1 millisecond'
           or (true and not exists (
               select from process p
               where p.id = o.claimed_by and p.beat_at > now() - 15000 * interval '1 millisecond')))
    order by o.processing_started_at
    limit 200
    for update of o skip locked))
returning id, aggregate_id, channel, claim_token, attempt_count, processing_started_at, in_doubt;
rollback;
\echo '--- ready (a step of 5000, of one priority)'
explain (analyze, buffers, costs off, summary off, timing off)
select count(*) as entries, count(*) filter (where due_since is null) as never_delayed, max(id) as last
from (
    select id, due_since from outbox
    where state = 'READY' and channel = 'email'
      and (priority, id) > (1::smallint, 0) and (priority, id) <= (1::smallint, 9223372036854775807)
    order by priority, id limit 5000) step;
\echo '--- released (the oldest)'
explain (analyze, buffers, costs off, summary off, timing off)
select due_since as oldest from outbox
where due_since is not null
order by due_since limit 1;
\echo '--- processing'
explain (analyze, buffers, costs off, summary off, timing off)
select count(*) as claimed, least(min(since), now() - interval '5 seconds')::text as oldest
from (
    select processing_started_at as since from outbox
    where state = 'PROCESSING' and processing_started_at >= '-infinity'::timestamptz
    order by processing_started_at limit 100000) claim;
\echo '--- removePublished (a step of 500 at the old end)'
begin;
explain (analyze, buffers, costs off, summary off, timing off)
with step as materialized (
    select id, state, created_at, published_at from outbox where id > 0 order by id limit 500),
removed as (
    delete from outbox
    where id = any (array(select id from step where state = 'DONE' and published_at < now() - interval '7 days')))
select max(id) from step where created_at < now() - interval '7 days';
rollback;
\echo '--- accept (64, a key each)'
begin;
explain (analyze, buffers, costs off, summary off, timing off)
insert into message (id, client, test, channel, status, purpose, priority, idempotency_key, request_hash, created_at, updated_at,
    recipients)
select id, 'client', false, 'email', 'ACCEPTED', 'NORMAL', 'NORMAL', key, '', now(), now(), '[]'
from (select gen_random_uuid() as id, 'key-' || n as key from generate_series(1, 64) n offset 0) asked
where key is null or not exists (
    select from idempotency_key moved
    where moved.client = 'client' and moved.test = false and moved.idempotency_key = key
    offset 0)
on conflict (client, test, idempotency_key) where idempotency_key is not null do nothing;
rollback;
