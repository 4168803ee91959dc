with redeemed as (
  select *
  from jsonb_to_recordset(?::jsonb)
    as row (n int, order_id uuid, code text, customer_id text, discount numeric, at timestamptz, event text, headers jsonb)
),
used as (
  insert into coupon_redemption (order_id, code, customer_id, discount, reserved_at, used_at)
  select order_id, code, customer_id, discount, at, at from redeemed
  on conflict (order_id) do nothing
  returning order_id, code
),
counted as (
  update coupon set used = used + uses
  from (select code, count(*)::int as uses from used group by code) as per_code
  where coupon.code = per_code.code
)
insert into outbox (topic, key, payload, subject, headers, created_at)
select ?::text, convert_to(customer_id, 'UTF8'), convert_to(event, 'UTF8'), order_id, headers, at
from redeemed join used using (order_id)
order by n
