-- Since when an order's event waits in the outbox, however long that is. Rows are nearly in the order of their times: the
-- place of the order's is found by halving, and the rows around it are looked through.
with recursive searched as (
  select each.lane, first.id as lo, last.id as hi, 1 as step
  from generate_series(0, 1) as each (lane)
  cross join lateral (
    select id from outbox where topic = :topic and lane = each.lane order by id limit 1) as first
  cross join lateral (
    select id from outbox where topic = :topic and lane = each.lane order by id desc limit 1) as last
  union all
  select lane, case when met.created_at < :from then met.id else lo end,
    case when met.created_at < :from then hi else (lo + hi) / 2 end, step + 1
  from searched cross join lateral (
    select id, created_at from outbox
    where topic = :topic and lane = searched.lane and id >= (lo + hi) / 2 order by id limit 1) as met
  where hi - lo > 100 and step < 60
)
select min(created_at) as since
from (select lane, max(lo) as lo from searched group by lane) as places
cross join lateral (
  select subject, created_at from outbox
  where topic = :topic and lane = places.lane and id >= places.lo order by id limit 20000) as near
where subject = :order
