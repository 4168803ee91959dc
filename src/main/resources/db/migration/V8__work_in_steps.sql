-- A wish to replay the dead letters of a consumer, worked off in steps.
create table dead_letter_replay (
  id           bigint generated always as identity primary key,
  consumer     text not null,
  cause        text,                      -- null: of every cause
  up_to        bigint not null,           -- dead letters with a higher id came after the request
  position     bigint not null default 0, -- dead letters up to this id have been handed to the replayer
  requested_at timestamptz not null,
  finished_at  timestamptz
);
create index dead_letter_replay_open on dead_letter_replay (id) where finished_at is null;

-- Set while an instance replays the dead letter: it cannot be discarded until then.
alter table dead_letter add column replay_until timestamptz;

-- Each of these serves what the index it replaces served, and pages in the order of ids besides.
create index dead_letter_listed on dead_letter (consumer, state, id);
drop index dead_letter_waiting;
create index dead_letter_of_customer_by_id on dead_letter (customer_id, id);
drop index dead_letter_of_customer;
create index dead_letter_waiting_of_cause on dead_letter (consumer, cause, id) where state = 'WAITING';
create index dead_letter_without_customer on dead_letter (id) where customer_id is null;

-- Effects that an operator gave up and whose dead letters are forgotten: they are not to come any more.
create table discarded_effect (
  order_id uuid not null,
  consumer text not null,
  primary key (order_id, consumer)
);

-- Customers whose names and addresses were erased. What was ordered up to that moment is not stored with them again.
create table erased_customer (
  customer_id text primary key,
  at          timestamptz not null,
  -- How far the erasure has come in what is stored. A second sweep takes what transactions under way at the first one wrote.
  sweep       smallint not null default 0,
  store       text,
  position    text,
  due_at      timestamptz               -- when the next step is due; null: all is erased
);
create index erased_customer_due on erased_customer (due_at) where due_at is not null;

-- The addresses of customers whose erasure is under way, for finding records that bear nothing else; deleted at its end.
create table erased_address (
  customer_id text not null,
  address     text not null,
  primary key (customer_id, address)
);
create index mail_with_event_of_customer on mail (customer_id, order_id) where event <> '';

-- How far the reconciler has come.
create table reconcile_progress (
  one_row         boolean primary key default true check (one_row),
  position        uuid,                      -- every order before it was complete
  published_up_to bigint not null default 0  -- the last outbox row of an event that was published again
);
insert into reconcile_progress default values;
