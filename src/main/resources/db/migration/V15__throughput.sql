-- What each process did in ten seconds, for the console's figures and charts. A process writes its row when the ten seconds
-- are over, and none where it did nothing; rows older than a day are removed.
create table throughput (
    at       timestamptz not null, -- when the ten seconds began
    process  uuid        not null,
    accepted integer     not null,
    sent     integer     not null,
    failed   integer     not null,
    primary key (at, process)
);
