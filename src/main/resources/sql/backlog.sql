-- What waits, exact up to 10,000 of a kind, which the index says in some milliseconds. A longer backlog is estimated from
-- its index: as many entries a page as when it was last analysed, on the pages that it has now.
with recursive moment as (select ?::timestamptz as now),
consumers as (select unnest(?::text[]) as name union select name from own_consumer),
letters as materialized (
  select name, (
    select count(*) from (
      select from dead_letter where consumer = name and state = 'WAITING' limit 10001) as few) as waiting
  from consumers
),
sized as (
  select relname,
    (case when relpages > 0 and reltuples > 0 then reltuples / relpages else 150 end
      * (pg_relation_size(oid) / current_setting('block_size')::int))::bigint as entries
  from pg_class
  where oid in (to_regclass('outbox_pkey'), to_regclass('mail_due'), to_regclass('dead_letter_waiting_causes'))
),
topics as (
  (select topic from outbox order by topic limit 1)
  union all
  select (select topic from outbox where topic > topics.topic order by topic limit 1) from topics where topic is not null
),
-- Lanes that there are or may come to be, each by its own place in the index.
first_of_outbox as (
  select lane, first.* from topics cross join generate_series(0, 9) as each (lane) cross join lateral (
    select id, created_at from outbox where outbox.topic = topics.topic and lane = each.lane order by id limit 1) as first
),
last_of_outbox as (
  select last.* from topics cross join generate_series(0, 9) as each (lane) cross join lateral (
    select id from outbox where outbox.topic = topics.topic and lane = each.lane order by id desc limit 1) as last
),
first_of_mail as (
  select first.* from generate_series(0, 9) as each (lane) cross join lateral (
    select next_attempt_at from mail where state = 'QUEUED' and lane = each.lane order by next_attempt_at limit 1) as first
),
counted as materialized (
  select
    (select count(*) from (select from outbox order by topic, lane, id limit 10001) as few) as outbox,
    (select count(*) from (
      select from mail where state = 'QUEUED' order by lane, next_attempt_at limit 10001) as few) as mails,
    (select coalesce(sum(due), 0) from generate_series(0, 9) as each (lane) cross join lateral (
      select count(*) as due from (
        select from mail where state = 'QUEUED' and lane = each.lane and next_attempt_at <= now
        order by next_attempt_at limit 10001) as few) as of_lane) as mails_due
  from moment
)
select
  case when outbox <= 10000 then outbox else greatest(outbox, least(
    (select entries from sized where relname = 'outbox_pkey'),
    (select max(id) from last_of_outbox) - (select min(id) from first_of_outbox) + 1)) end as outbox,
  (select extract(epoch from now - min(created_at)) from first_of_outbox where lane = 0) as outbox_age,
  (select extract(epoch from now - min(created_at)) from first_of_outbox where lane > 0) as outbox_bulk_age,
  case when mails_due <= 10000 then mails_due
    else greatest(mails_due, (select entries from sized where relname = 'mail_due')) end as mails_due,
  (select extract(epoch from now - min(next_attempt_at)) from first_of_mail) as mail_age,
  case when mails <= 10000 then mails
    else greatest(mails, (select entries from sized where relname = 'mail_due')) end as mails,
  (select count(*) from (select from operation where finished_at is null limit 1001) as few) as operations,
  (select array_agg(name order by name) from letters) as consumers,
  (select array_agg(waiting order by name) from letters) as letters_waiting,
  (select entries from sized where relname = 'dead_letter_waiting_causes') as dead_letters
from moment, counted
