-- Consumers of order.completed that a shop adds in a file, each since its first start. The program's own are not here.
create table own_consumer (
  name     text primary key,
  began_at timestamptz not null default now(),
  paused   boolean not null default false
);
alter table dead_letter drop constraint dead_letter_consumer_check;
