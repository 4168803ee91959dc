with live as (
  select id, topic, key from outbox where lane = 0 order by id limit :batch
),
-- One customer's orders are published in their order: those of the bulk lane that are older go first.
earlier as (
  select bulk.id
  from (select key, max(id) as id from live where topic = 'order.completed' group by key) as newest
  cross join lateral (
    select id from outbox where lane = 1 and key = newest.key and id < newest.id order by id limit :bulk
  ) as bulk
  order by bulk.id limit :bulk
),
others as (
  select id from outbox where lane = 1 and (select count(*) from live) < :batch
  order by id limit :bulk - (select count(*) from earlier)
),
bulk as (
  select id from earlier union select id from others
),
taken as (
  select 1::smallint as lane, id from bulk
  union all
  select 0::smallint, id from live
  where topic <> 'order.completed' or not exists (
    select from outbox as older
    where lane = 1 and older.key = live.key and older.id < live.id and older.id not in (select id from bulk))
)
delete from outbox using taken where outbox.lane = taken.lane and outbox.id = taken.id
returning outbox.id, outbox.lane, topic, key, payload, subject, headers::text, created_at
