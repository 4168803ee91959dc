with failed as (
  -- Mails that no record asked for have a place in common.
  select distinct on (topic, partition, "offset", md5(coalesce(payload, ''))) *
  from unnest(
    ?::text[], ?::int[], ?::bigint[], ?::bytea[], ?::bytea[], ?::jsonb[], ?::jsonb[], ?::uuid[], ?::text[], ?::text[],
    ?::text[], ?::bool[])
  as failed (topic, partition, "offset", key, payload, headers, dlt_headers, order_id, customer_id, error, dlt, early)
),
moment as (select ?::timestamptz as now),
filed as (
  insert into dead_letter as known
    (consumer, topic, partition, "offset", key, payload, headers, order_id, customer_id, error, failed_at,
      retry_at, retry_until)
  select ?, topic, partition, "offset", key, payload, headers, order_id, customer_id, error, now,
    case when early then now + interval '30 seconds' end, case when early then now + interval '1 day' end
  from failed, moment
  on conflict (consumer, topic, partition, "offset", md5(coalesce(payload, ''))) do update
    set state = 'WAITING', attempts = known.attempts + 1, error = excluded.error,
      failed_at = excluded.failed_at, replay_due_at = null, replay_until = null, settled_at = null,
      -- Pauses of 30 s, 1 min, 2 min, … 1 h.
      retry_at = case when excluded.failed_at < known.retry_until then excluded.retry_at
        + least(interval '30 seconds' * ((1 << least(known.attempts, 7)) - 1), interval '3570 seconds') end
    where known.replay_due_at is not null or known.state = 'REPLAYED'
  returning topic, partition, "offset", payload, attempts
),
told as (
  insert into outbox (topic, key, payload, subject, headers, created_at)
  select dlt, key, failed.payload, order_id, dlt_headers, now
  from failed join filed using (topic, partition, "offset"), moment
  where attempts = 1 and dlt is not null and filed.payload is not distinct from failed.payload
)
select count(*) as filed from filed
