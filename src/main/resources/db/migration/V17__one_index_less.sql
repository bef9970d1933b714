-- Of the orders that wait, the oldest are told by the index of their messages' ids, which are UUIDv7.
drop index outbox_unpublished_created;
