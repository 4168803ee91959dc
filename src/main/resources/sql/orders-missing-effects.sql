-- The orders of a range of ids, and which consumers owe each an effect that was not given up. For each of the consumers
-- one line stands in place of the mark. A cancelled order is owed nothing.
with slice as (
  select id, subtotal - discount as goods, coupon_code, customer_email, status from orders where id >= ? and id < ? order by id limit ?
)
select id, goods, array_remove(array[
  /* owed */
], null) as missing
from slice
order by id
