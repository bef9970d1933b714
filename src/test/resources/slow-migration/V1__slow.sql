create table planner as select current_setting('enable_seqscan') as seqscan, current_user as migrated_by;
select pg_sleep(1.5);
