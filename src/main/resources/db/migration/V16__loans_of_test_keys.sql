-- A loan that a test key applied for is one nobody is told of for real, whoever lets something happen to it.
alter table loan add column test boolean not null default false;
