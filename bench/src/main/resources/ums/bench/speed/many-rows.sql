with fresh as (
    insert into message (id, idempotency_key, channel, recipient, payload)
    select id, id::text, 'email', 'customer@shop.example', repeat('x', 1024)
    from unnest((select array_agg(gen_random_uuid()) from generate_series(1, ROWS))) as id
    returning id)
insert into outbox (message_id) select id from fresh;
