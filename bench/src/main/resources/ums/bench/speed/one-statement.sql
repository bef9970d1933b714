with fresh as (
    insert into message (id, idempotency_key, channel, recipient, payload)
    select id, id::text, 'email', 'customer@shop.example', repeat('x', 1024) from (select gen_random_uuid() as id) as ids
    returning id)
insert into outbox (message_id) select id from fresh;
