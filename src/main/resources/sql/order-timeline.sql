-- Everything that the tables know to have happened to an order; each of them is asked by an index.
with reversals as materialized (
  select id, kind, plan, actor, created_at from reversal
  where order_id = :order and order_version > 0 order by order_version desc limit 500
),
letters as materialized (
  select id, consumer, cause, attempts, failed_at, state, settled_at, replay_due_at from dead_letter
  where order_id = :order order by id desc limit 500
),
mails as materialized (select * from mail where order_id = :order limit 500),
actions as materialized (
  select at, actor, action, detail, null::uuid as reversal_id, null::bigint as letter_id from operator_action
  where target_kind = 'ORDER' and target_id = :order::text and action = 'RESEND_EMAIL'
  union all
  select acted.*, reversals.id, null from reversals cross join lateral (
    select at, actor, action, detail from operator_action
    where target_kind = 'REVERSAL' and target_id = reversals.id::text offset 0) as acted
  union all
  select acted.*, null, letters.id from letters cross join lateral (
    select at, actor, action, detail from operator_action
    where target_kind = 'DEAD_LETTER' and target_id = letters.id::text offset 0) as acted
)
select * from (
  select created_at as at, 'PLACED' as kind,
    case when is_known_by_reference then 'file' end as by,
    '/api/orders/' || id as ref, case when reference is not null then 'reference' end as detail, null as more,
    null::bigint as number
  from orders where id = :order
  union all
  select reserved_at, 'COUPON_RESERVED', null, code, null, null, null
  from coupon_redemption where order_id = :order and code is not null
  union all
  select used_at, 'COUPON_USED', 'coupon-consumer', code, null, null, null
  from coupon_redemption where order_id = :order and used_at is not null
  union all
  select released_at, 'COUPON_RELEASED', reversals.actor, '/api/reversals/' || reversal_id, plan, null, null
  from coupon_redemption left join reversals on reversals.id = reversal_id
  where order_id = :order and released_at is not null and code is not null
  union all
  select booked_at, 'POINTS_BOOKED', coalesce((select actor from reversals where created_at = booked_at limit 1), 'point-consumer'),
    null, null, null, points
  from point_entry where order_id = :order and points > 0
  union all
  select reversed_at, 'POINTS_REVERSED', reversals.actor, '/api/reversals/' || reversal_id, null, null, points
  from point_reversal left join reversals on reversals.id = reversal_id where order_id = :order
  union all
  select queued_at, 'MAIL_QUEUED', case when kind = 'CONFIRMATION' and source_partition >= 0 then 'email-consumer' end,
    null, kind, null, null
  from mails where state <> 'SUPPRESSED' or source_partition >= 0 or attempts > 0
  union all
  select next_attempt_at, 'MAIL_DUE', null, null, kind, error, attempts from mails where state = 'QUEUED' and attempts > 0
  union all
  select sent_at, 'MAIL_SENT', 'mail server', null, kind, null, attempts from mails where sent_at is not null
  union all
  select reversals.created_at, 'MAIL_SUPPRESSED', reversals.actor, '/api/reversals/' || reversals.id, mails.kind, null, null
  from mails join reversals on reversals.kind = 'CANCEL' where state = 'SUPPRESSED'
  union all
  select failed_at, 'DEAD_LETTER', consumer, '/api/dead-letters/' || id, cause,
    case when state = 'WAITING' and replay_due_at is not null then 'REPLAYING' else state end, attempts
  from letters
  union all
  select settled_at, 'DEAD_LETTER_' || state, (
      select actor from actions where letter_id = letters.id and action = 'DISCARD_DEAD_LETTER' and state = 'DISCARDED' limit 1),
    '/api/dead-letters/' || id, consumer, null, null
  from letters where settled_at is not null and state in ('REPLAYED', 'DISCARDED')
  union all
  select created_at, kind, actor, '/api/reversals/' || id, plan, null, null from reversals
  union all
  select at, action, actor, coalesce('/api/reversals/' || reversal_id, '/api/dead-letters/' || letter_id),
    detail ->> 'state', null, null
  from actions where action in ('RESEND_EMAIL', 'REPLAY_DEAD_LETTER', 'REPORT_REFUND')
) as events
where at is not null
order by at desc limit 1000
