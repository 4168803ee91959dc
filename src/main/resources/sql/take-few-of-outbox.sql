-- The whole of the outbox where it is little and all of it live, which is what a round mostly finds: it then need not be
-- looked through topic by topic. A row without a topic says whether that was so; if not, it is the only one.
with few as materialized (
  select ctid, lane, octet_length(payload) as bytes from outbox order by topic, lane, id limit ?::int + 1
),
said as (
  select count(*) <= ?::int and coalesce(sum(bytes), 0) < ?::bigint and coalesce(max(lane), 0) = 0 as is_all from few
)
select is_all, null::int8 as id, null::int2 as lane, null as topic, null::bytea as key, null::bytea as payload,
  null::uuid as subject, null as headers, null::timestamptz as created_at
from said
union all
select true, id, lane, topic, key, payload, subject, headers::text, created_at
from outbox where ctid = any (array(select ctid from few where (select is_all from said)))
