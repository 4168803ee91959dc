with recursive given as (
  select ?::int as batch, ?::int as others, ?::int as awaited, ?::bigint as bytes
),
present as (
  (select topic from outbox order by topic limit 1)
  union all
  select (select topic from outbox where topic > present.topic order by topic limit 1) from present where topic is not null
),
-- Records of a topic's keys that are under way or held back, and of topics that take fewer than a batch now.
excluded as (select * from unnest(?::text[], ?::bytea[]) as excluded (topic, key)),
queue as materialized (
  select topic,
    coalesce((select most from unnest(?::text[], ?::int[]) as own (topic, most) where own.topic = present.topic), batch)
      as most,
    exists (select from outbox where outbox.topic = present.topic and lane = 1) as has_bulk
  from present cross join given where topic is not null
),
taken as (
  select each.ctid from queue cross join lateral (
    with waiting as (
      select ctid, id, key,
        sum(octet_length(payload)) over (order by id rows between unbounded preceding and 1 preceding) as bytes_before
      from outbox
      where topic = queue.topic and lane = 0
        and (queue.topic, coalesce(key, '')) not in (select topic, key from excluded)
      order by id limit queue.most
    ),
    live as (
      select ctid, id, key from waiting where coalesce(bytes_before, 0) < (select bytes from given)
    ),
    -- One customer's orders are published in their order: those of the bulk lane that are older go first, and are not
    -- among the few that may leave beside a file's import, as live ones wait for them.
    earlier as (
      select bulk.ctid, bulk.id, bulk.bytes
      from (select key, max(id) as id from live where queue.has_bulk group by key) as newest
      cross join lateral (
        select ctid, id, octet_length(payload) as bytes
        from outbox where lane = 1 and key = newest.key and topic = queue.topic and id < newest.id
        order by id limit (select awaited from given)
      ) as bulk
      order by bulk.id limit (select awaited from given)
    ),
    -- None while live records are left for a later round: a customer's older ones could be among them.
    others as (
      select ctid, id, octet_length(payload) as bytes
      from outbox
      where topic = queue.topic and lane = 1
        and (queue.topic, coalesce(key, '')) not in (select topic, key from excluded)
        and (select count(*) from live) < queue.most and (select count(*) from live) = (select count(*) from waiting)
      order by id limit greatest(least((select others from given), queue.most) - (select count(*) from earlier), 0)
    ),
    bulk as (
      select ctid, id from (
        select ctid, id,
          sum(bytes) over (order by id rows between unbounded preceding and 1 preceding) as bytes_before
        from (select * from earlier union select * from others) as each
      ) as first
      where coalesce(bytes_before, 0) < (select bytes from given)
    ),
    -- Of lanes that a newer version has made.
    unknown as (
      select ctid from outbox
      where topic = queue.topic and lane > 1
        and (queue.topic, coalesce(key, '')) not in (select topic, key from excluded)
      order by lane, id limit greatest(queue.most - (select count(*) from live), 0)
    )
    select ctid from bulk
    union all
    select ctid from live
    where not queue.has_bulk or not exists (
      select from outbox as older
      where lane = 1 and older.key = live.key and older.topic = queue.topic and older.id < live.id
        and older.id not in (select id from bulk))
    union all
    select ctid from unknown
  ) as each
  where queue.most > 0
)
-- By their places: a join would be planned for the empty table that this one was when it was last looked at, and would
-- then read it once for each of thousands of rows.
select id, lane, topic, key, payload, subject, headers::text, created_at
from outbox where ctid = any (array(select ctid from taken))
