-- Long work that a person has begun: how far it has come. An instance that stops leaves it to the others.
create table operation (
  id          bigint generated always as identity primary key,
  kind        text not null,
  state       text not null check (state in ('RUNNING', 'PAUSED', 'DONE', 'CANCELLED', 'FAILED')),
  target      text not null,             -- a consumer or a customer's id; one that is an e-mail address as its SHA-256
  cause       text,                      -- of a replay: of this cause alone
  total       bigint not null,           -- an estimate until it has ended
  done        bigint not null default 0,
  failed      bigint not null default 0,
  failures    bigint[] not null default '{}',  -- the first dead letters that failed again
  rate        integer,                   -- most in a second; null: not paced
  at_most     bigint,                    -- how many are to be replayed; null: all
  stop_after  bigint,                    -- it fails with so many failures; null: with none
  position    bigint not null default 0, -- dead letters up to this id have been handed to the replayer
  up_to       bigint not null default 0, -- dead letters with a higher id came later
  paced_at    timestamptz,               -- up to this moment the rate is used up
  actor       text not null,
  started_at  timestamptz not null,
  finished_at timestamptz
);
create index operation_open on operation (id) where finished_at is null;
create index operation_finished on operation (finished_at) where finished_at is not null;
alter table erased_customer add column operation_id bigint;
alter table dead_letter
  add column operation_id bigint,                    -- the operation that replays it and has not counted it yet
  add column version integer not null default 1,     -- of its payload: one more with each edit
  add column edited bytea,                           -- what an operator made of the payload, which stays as it came
  add column edited_by text,
  add column edited_at timestamptz,
  add column edited_customer_id text;                -- whom the edited payload names
create index dead_letter_of_operation on dead_letter (operation_id) where operation_id is not null;
create index dead_letter_edited on dead_letter (edited_customer_id, id) where edited_customer_id is not null;
