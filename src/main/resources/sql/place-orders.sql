with given as (
  select * from unnest(${orders.arrays}, ?::bytea[], ?::bytea[], ?::jsonb[])
  as given (${orders.columns}, key, event, headers)
),
-- If one of their references is another order's already, none is placed.
known as materialized (
  select 1 from given where exists (select from orders where orders.reference = given.reference) limit 1
),
placed as (
  select * from given where not exists (select from known)
),
ordered as (
  insert into orders (${orders.columns}) select ${orders.columns} from placed
),
lines as (
  insert into order_item (${order_item.columns})
  select * from unnest(${order_item.arrays}) where not exists (select from known)
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
  where coupon.code = taken.code and not exists (select from known)
)
insert into outbox (lane, topic, key, payload, subject, headers, created_at)
select ?::int2, ?::text, key, event, id, headers, created_at from placed
