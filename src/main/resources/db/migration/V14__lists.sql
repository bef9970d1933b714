-- Whom a message goes to, for those who look for it by that; written once, in lower case. Nearly every message has one
-- recipient, so that an index of an ordinary kind finds them; the few that have more are found by another.
alter table message_content add column recipient text, add column recipients text[];

update message_content c
set recipient = lower(m.recipients -> 0 ->> 'address'),
    recipients = case when jsonb_array_length(m.recipients) > 1
        then array(select lower(each ->> 'address') from jsonb_array_elements(m.recipients) each) end
from message m where m.id = c.message_id;

create index message_content_recipient on message_content (recipient, message_id);
create index message_content_recipients on message_content using gin (recipients) where recipients is not null;
