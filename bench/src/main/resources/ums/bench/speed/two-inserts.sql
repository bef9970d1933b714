begin;
insert into message (id, idempotency_key, channel, recipient, payload)
    values (gen_random_uuid(), gen_random_uuid()::text, 'email', 'customer@shop.example', repeat('x', 1024))
    returning id as message \gset
insert into outbox (message_id) values (:message::uuid);
commit;
