-- An instance that runs. It adds a beat every second; another instance that has seen no new beat for some seconds
-- deletes the row, and with it ends everything that this instance has taken: no clock is compared with another one.
-- Ids are never used twice, so rows can say by an id who has taken them.
create table instance (
  id         bigint generated always as identity primary key,
  name       text not null,            -- its host and process id, for people
  started_at timestamptz not null default now(),
  beat       bigint not null default 0,
  beat_at    timestamptz not null default now()  -- for people
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- Work that one instance at a time may do. A lease whose holder has no row in instance is free.
create table lease (
  name   text primary key,
  number bigint generated always as identity,  -- of this grant: the fencing number
  holder bigint not null,              -- instance.id
  since  timestamptz not null default now()
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
