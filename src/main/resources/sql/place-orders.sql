with placed as (
  select * from unnest(
    ?::uuid[], ?::text[], ?::bytea[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
    ?::numeric[], ?::numeric[], ?::numeric[], ?::text[], ?::timestamptz[], ?::bytea[], ?::bytea[], ?::jsonb[])
  as placed (id, reference, fingerprint, customer_id, customer_email, customer_name, locale, currency,
    subtotal, discount, total, coupon_code, created_at, key, event, headers)
),
ordered as (
  insert into orders (id, reference, fingerprint, customer_id, customer_email, customer_name, locale,
    currency, subtotal, discount, total, coupon_code, created_at)
  select id, reference, fingerprint, customer_id, customer_email, customer_name, locale,
    currency, subtotal, discount, total, coupon_code, created_at
  from placed
),
lines as (
  insert into order_item (order_id, position, sku, name, quantity, unit_price)
  select * from unnest(?::uuid[], ?::int2[], ?::text[], ?::text[], ?::int4[], ?::numeric[])
),
reserved as (
  insert into coupon_redemption (order_id, code, customer_id, discount, reserved_at)
  select id, coupon_code, customer_id, discount, created_at from placed where coupon_code is not null
),
counted as (
  update coupon set reserved = reserved + taken.uses
  from unnest(?::text[], ?::int4[]) as taken (code, uses)
  where coupon.code = taken.code
)
insert into outbox (lane, topic, key, payload, subject, headers, created_at)
select ?::int2, 'order.completed', key, event, id, headers, created_at from placed
