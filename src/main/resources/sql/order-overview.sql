select orders.*,
  point_entry.points, point_entry.booked_at,
  coupon_redemption.used_at,
  mail.state as mail_state, coalesce(mail.attempts, 0) as attempts, mail.sent_at,
  array(
    select consumer from dead_letter where dead_letter.order_id = orders.id and dead_letter.state <> 'REPLAYED'
    union all
    select consumer from discarded_effect where discarded_effect.order_id = orders.id
  ) as failed,
  ${items}
from orders
left join point_entry on point_entry.order_id = orders.id
left join coupon_redemption on coupon_redemption.order_id = orders.id
left join mail on mail.order_id = orders.id and mail.kind = 'CONFIRMATION'
where orders.id = ?
