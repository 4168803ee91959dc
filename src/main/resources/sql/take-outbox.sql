with live as (
  select ctid, id, topic, key from outbox where lane = 0 order by id limit :batch
),
-- One customer's orders are published in their order: those of the bulk lane that are older go first.
earlier as (
  select bulk.ctid, bulk.id
  from (select key, max(id) as id from live where topic = 'order.completed' group by key) as newest
  cross join lateral (
    select ctid, id from outbox where lane = 1 and key = newest.key and id < newest.id order by id limit :bulk
  ) as bulk
  order by bulk.id limit :bulk
),
others as (
  select ctid, id from outbox where lane = 1 and (select count(*) from live) < :batch
  order by id limit :bulk - (select count(*) from earlier)
),
bulk as (
  select ctid, id from earlier union select ctid, id from others
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
