-- Splits the contents of earlier versions into what lists show and the body, 1,000 rows a commit: whoever writes waits for no
-- more, and a start that is cut off goes on where it was. What cannot be read is left as it is.
create or replace function pg_temp.split(whole text, out content text, out body text) language plpgsql as $$
declare
    parts json;
begin
    parts := whole::json;
    content := json_strip_nulls(json_build_object('from', parts -> 'from', 'to', parts -> 'to', 'cc', parts -> 'cc',
        'bcc', parts -> 'bcc', 'replyTo', parts -> 'replyTo', 'subject', parts -> 'subject'))::text;
    body := json_strip_nulls(json_build_object(
        'text', parts -> 'text', 'html', parts -> 'html', 'headers', parts -> 'headers'))::text;
exception when others then
    content := whole;
    body := null;
end
$$;

do $$
declare
    last uuid := '00000000-0000-0000-0000-000000000000';
begin
    loop
        with step as materialized (
            select message_id, content, body from message_content where message_id > last order by message_id limit 1000),
        moved as (
            update message_content c set content = (parts.split).content, body = (parts.split).body
            from (select message_id, pg_temp.split(content) as split from step where body is null) parts
            where c.message_id = parts.message_id)
        select message_id into last from step order by message_id desc limit 1;
        exit when last is null;
        commit;
    end loop;
end
$$;
