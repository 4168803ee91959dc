with earned as (
  select distinct on (order_id) *
  from jsonb_to_recordset(:?entries::jsonb)
    as row (n int, order_id uuid, customer_id text, points bigint, rate numeric, at timestamptz, event text, headers jsonb)
  order by order_id, n
),
booked as (
  insert into point_entry (order_id, customer_id, points, booked_at, earn_rate)
  select order_id, customer_id, points, at, rate from earned
  on conflict (order_id) do nothing
  returning order_id, customer_id, points
),
balanced as (
  insert into point_balance (customer_id, balance)
  select customer_id, sum(points) from booked group by customer_id order by customer_id
  on conflict (customer_id) do update set balance = point_balance.balance + excluded.balance
)
insert into outbox (topic, key, payload, subject, headers, created_at)
select :?topic::text, convert_to(earned.customer_id, 'UTF8'), convert_to(event, 'UTF8'), order_id, headers, at
from earned join booked using (order_id)
order by n
returning subject as order_id
