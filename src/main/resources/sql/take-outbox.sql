with waiting as (
  select ctid, id, topic, key,
    sum(octet_length(payload)) over (order by id rows between unbounded preceding and 1 preceding) as bytes_before
  from outbox where lane = 0 order by id limit :batch
),
live as (
  select ctid, id, topic, key from waiting where coalesce(bytes_before, 0) < :bytes
),
-- One customer's orders are published in their order: those of the bulk lane that are older go first, and are not among
-- the few that may leave beside a file's import, as live ones wait for them.
earlier as (
  select bulk.ctid, bulk.id, bulk.bytes
  from (select key, max(id) as id from live where topic = 'order.completed' group by key) as newest
  cross join lateral (
    select ctid, id, octet_length(payload) as bytes
    from outbox where lane = 1 and key = newest.key and id < newest.id order by id limit :awaited
  ) as bulk
  order by bulk.id limit :awaited
),
-- None while live records are left for a later round: a customer's older ones could be among them.
others as (
  select ctid, id, octet_length(payload) as bytes
  from outbox
  where lane = 1 and (select count(*) from live) < :batch and (select count(*) from live) = (select count(*) from waiting)
  order by id limit greatest(:others - (select count(*) from earlier), 0)
),
bulk as (
  select ctid, id from (
    select ctid, id,
      sum(bytes) over (order by id rows between unbounded preceding and 1 preceding) as bytes_before
    from (select * from earlier union select * from others) as each
  ) as first
  where coalesce(bytes_before, 0) < :bytes
)
-- By their places: a join would be planned for the empty table that this one was when it was last looked at, and would
-- then read it once for each of thousands of rows.
delete from outbox where ctid = any (array(
  select ctid from bulk
  union all
  select ctid from live
  where topic <> 'order.completed' or not exists (
    select from outbox as older
    where lane = 1 and older.key = live.key and older.id < live.id and older.id not in (select id from bulk))))
returning id, lane, topic, key, payload, subject, headers::text, created_at
