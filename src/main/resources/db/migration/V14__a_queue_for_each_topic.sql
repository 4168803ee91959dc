-- Each topic has a queue of its own: one that its broker does not take stands in no other's way.
alter table outbox drop constraint outbox_pkey, add primary key (topic, lane, id);
