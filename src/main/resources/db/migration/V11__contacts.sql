-- What customers have asked to be spared, by the address in the one spelling that is compared.
create table contact_preference (
    recipient        text   not null primary key,
    blocked          jsonb  not null, -- [{"day": "MONDAY", "from": 540, "to": 720}], minutes of the day in Korea
    blocked_channels text[] not null
);

-- Contacts by messages of purpose COLLECTION: a row a message, however many attempts. Reserved while an attempt is under
-- way, written before it begins; counted once the provider took it for somebody, or may have.
create table contact (
    message_id  uuid        not null primary key,
    client      text        not null,
    test        boolean     not null,
    reference   text        not null,
    reserved_at timestamptz,
    counted_at  timestamptz
);

-- Those about one reference that may count.
create index contact_reference on contact (client, test, reference, counted_at);

-- What was sent in the last week counts as if the rules had been there.
insert into contact (message_id, client, test, reference, counted_at)
select id, client, test, coalesce(reference, 'to:' || lower(recipients -> 0 ->> 'address')), updated_at
from message
where purpose = 'COLLECTION' and updated_at > now() - interval '168 hours'
  and (status = 'SENT' or recipients @> '[{"status": "SENT"}]' or recipients @> '[{"status": "UNKNOWN"}]'
       or events @> '[{"errorType": "UNKNOWN_OUTCOME"}]');
