-- From one group to the next by the index, whatever their sizes. A group is counted exactly up to 10,000.
with recursive known as (
  (select consumer, cause from dead_letter where state = 'WAITING' order by consumer, cause limit 1)
  union all
  select next.consumer, next.cause from known cross join lateral (
    select consumer, cause from dead_letter
    where state = 'WAITING' and (consumer, cause) > (known.consumer, known.cause)
    order by consumer, cause limit 1) as next
)
select known.consumer, known.cause, size, oldest.failed_at as oldest, newest.failed_at as newest, (
    select (case when relpages > 0 and reltuples > 0 then reltuples / relpages else 150 end
      * (pg_relation_size(oid) / current_setting('block_size')::int))::bigint
    from pg_class where oid = to_regclass('dead_letter_waiting_causes')) as all_waiting
from (select * from known limit 1000) as known
cross join lateral (
  select count(*) as size from (
    select from dead_letter
    where state = 'WAITING' and consumer = known.consumer and cause = known.cause limit 10001) as few) as counted
cross join lateral (
  select failed_at from dead_letter where state = 'WAITING' and consumer = known.consumer and cause = known.cause
  order by failed_at limit 1) as oldest
cross join lateral (
  select failed_at from dead_letter where state = 'WAITING' and consumer = known.consumer and cause = known.cause
  order by failed_at desc limit 1) as newest
order by size desc, known.consumer, known.cause limit ?
