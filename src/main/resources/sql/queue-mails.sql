with asked as (
  select *
  from jsonb_to_recordset(:?entries::jsonb)
    as row (order_id uuid, kind text, customer_id text, completed_at timestamptz, event text, at timestamptz, again boolean,
            topic text, partition int, "offset" bigint, key text, headers text, lane int2)
  -- What was ordered before its customer was erased is not mailed any more; nor is what does not say when it was ordered.
  where not exists (
    select from erased_customer
    where erased_customer.customer_id = row.customer_id and coalesce(completed_at <= erased_customer.at, true) offset 0)
),
-- Each by its place, found by its key: a join would be planned for the empty table of a new installation and kept.
queued_again as (
  update mail
  set event = asked.event, state = 'QUEUED', attempts = 0, in_doubt = false, error = null,
      queued_at = at, next_attempt_at = at, source_topic = topic, source_partition = partition,
      source_offset = "offset", source_key = decode(key, 'base64'), source_headers = headers, lane = asked.lane,
      taken_by = null
  from asked
  cross join lateral (
    select ctid from mail where order_id = asked.order_id and kind = asked.kind and state = 'FAILED' offset 0
  ) as given_up
  where again and mail.ctid = given_up.ctid
)
insert into mail (order_id, kind, customer_id, event, state, queued_at, next_attempt_at,
                  source_topic, source_partition, source_offset, source_key, source_headers, lane)
select order_id, kind, customer_id, event, 'QUEUED', at, at,
       topic, partition, "offset", decode(key, 'base64'), headers, lane
from asked
on conflict (order_id, kind) do nothing
