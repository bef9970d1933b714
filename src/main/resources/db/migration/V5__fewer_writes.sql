-- Being under way is the queue's to know: a message is PROCESSING while its order is claimed, and its own row is written
-- only when the attempt is over. What is under way now goes back to where it came from.
update message
set status = case when attempt_count > 1 then 'RETRY' else 'ACCEPTED' end, attempt_count = attempt_count - 1
where status = 'PROCESSING';

-- What an unknown outcome means for the message, so that a claim alone can say whether it leaves a doubt: true for REVIEW,
-- false for RETRY, null for whatever the process that claims it has as its default.
alter table outbox add column review boolean;
update outbox o set review = m.on_unknown = 'REVIEW'
from message m where m.id = o.aggregate_id and m.on_unknown is not null and not o.published;

-- Written once and read whole: the server need not take it apart.
alter table message_content alter column content type text using content::text, alter column tags type text using tags::text;

-- A row is written once more, when its attempt is over, and grows by what the provider said: with room for that on its own
-- page the update stays HOT.
alter table message set (fillfactor = 40);
