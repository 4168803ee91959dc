-- A batch of mails, each once for its order; what a replay asks for is queued again if it was given up on.
with asked as (
  select *
  from jsonb_to_recordset(:?mails::jsonb) as asked(
    order_id uuid, customer_id text, event text, at timestamptz, again boolean,
    topic text, partition integer, "offset" bigint, key text, headers text)
),
requeued as (
  update mail
  set event = asked.event, state = 'QUEUED', attempts = 0, in_doubt = false, error = null,
      queued_at = asked.at, next_attempt_at = asked.at,
      source_topic = asked.topic, source_partition = asked.partition, source_offset = asked."offset",
      source_key = decode(asked.key, 'base64'), source_headers = asked.headers
  from asked
  where asked.again and mail.order_id = asked.order_id and mail.kind = 'CONFIRMATION' and mail.state = 'FAILED'
)
insert into mail (order_id, kind, customer_id, event, state, queued_at, next_attempt_at,
    source_topic, source_partition, source_offset, source_key, source_headers)
select order_id, 'CONFIRMATION', customer_id, event, 'QUEUED', at, at,
    topic, partition, "offset", decode(key, 'base64'), headers
from asked
on conflict (order_id, kind) do nothing
