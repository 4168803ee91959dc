with placed as (
  select * from unnest(${orders.arrays}, ?::bytea[], ?::bytea[], ?::jsonb[])
  as placed (${orders.columns}, key, event, headers)
),
ordered as (
  insert into orders (${orders.columns}) select ${orders.columns} from placed
),
lines as (
  insert into order_item (${order_item.columns}) select * from unnest(${order_item.arrays})
),
reserved as (
  insert into coupon_redemption (order_id, code, customer_id, discount, reserved_at)
  select id, coupon_code, customer_id,
    discount - coalesce((select sum((each ->> 'amount')::numeric) from jsonb_array_elements(discounts) as each), 0),
    created_at
  from placed where coupon_code is not null
),
counted as (
  update coupon set reserved = reserved + taken.uses
  from unnest(?::text[], ?::int4[]) as taken (code, uses)
  where coupon.code = taken.code
)
insert into outbox (lane, topic, key, payload, subject, headers, created_at)
select ?::int2, ?::text, key, event, id, headers, created_at from placed
