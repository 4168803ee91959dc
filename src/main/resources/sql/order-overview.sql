select orders.*,
  point_entry.points, point_entry.booked_at,
  coupon_redemption.used_at, coupon_redemption.released_at,
  (select sum(points) from point_reversal where point_reversal.order_id = orders.id) as points_reversed,
  mail.state as mail_state, coalesce(mail.attempts, 0) as attempts, case when mail.state = 'SENT' then mail.sent_at end as sent_at,
  array(
    select consumer from dead_letter where dead_letter.order_id = orders.id and dead_letter.state <> 'REPLAYED' and partition >= 0
    union all
    select consumer from discarded_effect where discarded_effect.order_id = orders.id
  ) as failed,
  (select array_agg(returned order by position) from order_item where order_id = orders.id) as returned,
  (select json_agg(json_build_object('reversalId', id, 'kind', kind, 'reason', reason, 'refund', refund::text,
      'refundState', refund_state, 'createdAt', to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by order_version)
    from reversal where reversal.order_id = orders.id) as reversals,
  ${items}
from orders
left join point_entry on point_entry.order_id = orders.id
left join coupon_redemption on coupon_redemption.order_id = orders.id
left join mail on mail.order_id = orders.id and mail.kind = 'CONFIRMATION'
where orders.id = ?
