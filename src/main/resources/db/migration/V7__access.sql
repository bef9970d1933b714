-- In which minute a key was last used. Not indexed, so that noting it is a HOT update.
alter table api_key add column last_used_at timestamptz;
