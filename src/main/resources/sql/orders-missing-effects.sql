with slice as (
  select id, total, coupon_code, customer_email from orders where id >= ? and id < ? order by id limit ?
)
select id,
  (floor(total * ?) > 0
    and not exists (select from point_entry where order_id = slice.id)
    and not exists (
      select from dead_letter where order_id = slice.id and consumer = 'point-consumer' and state <> 'REPLAYED')
    and not exists (select from discarded_effect where order_id = slice.id and consumer = 'point-consumer'))
  or (coupon_code is not null
    and not exists (select from coupon_redemption where order_id = slice.id and used_at is not null)
    and not exists (
      select from dead_letter where order_id = slice.id and consumer = 'coupon-consumer' and state <> 'REPLAYED')
    and not exists (select from discarded_effect where order_id = slice.id and consumer = 'coupon-consumer'))
  or (customer_email <> ''
    and not exists (select from mail where order_id = slice.id and kind = 'CONFIRMATION')
    and not exists (
      select from dead_letter where order_id = slice.id and consumer = 'email-consumer' and state <> 'REPLAYED')
    and not exists (select from discarded_effect where order_id = slice.id and consumer = 'email-consumer'))
  as incomplete
from slice
order by id
