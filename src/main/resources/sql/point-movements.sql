select * from (
  (select booked_at as at, order_id as id, 'EARN' as kind, points, order_id, null::uuid as reversal_id from point_entry
   where customer_id = :customer and points > 0 and (booked_at, order_id) < (:at, :id)
   order by booked_at desc, order_id desc limit :limit)
  union all
  (select reversed_at, reversal_id, 'REVERSE', -points, order_id, reversal_id from point_reversal
   where customer_id = :customer and (reversed_at, reversal_id) < (:at, :id)
   order by reversed_at desc, reversal_id desc limit :limit)
) as movements
order by at desc, id desc limit :limit
