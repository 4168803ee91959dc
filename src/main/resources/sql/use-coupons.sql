with redeemed as (
  select distinct on (order_id, code) *
  from jsonb_to_recordset(:?entries::jsonb)
    as row (n int, order_id uuid, code text, customer_id text, at timestamptz, event text, headers jsonb)
  order by order_id, code, n
),
held as (
  select code from coupon where code in (select code from redeemed) order by code collate "C" for no key update
),
-- Each by its place, found by its key: a join would be planned for the empty table of a new installation and kept.
used as (
  update coupon_redemption set used_at = at
  -- The coupon is locked before its redemption, as a release does it.
  from redeemed join held using (code)
  cross join lateral (
    select ctid from coupon_redemption
    where order_id = redeemed.order_id and code = redeemed.code and used_at is null and released_at is null offset 0
  ) as reserved
  where coupon_redemption.ctid = reserved.ctid
  returning coupon_redemption.order_id, coupon_redemption.code
),
counted as (
  update coupon set reserved = reserved - uses, used = used + uses
  from (select code, count(*)::int as uses from used join held using (code) group by code) as per_code
  where coupon.code = per_code.code
),
told as (
  insert into outbox (topic, key, payload, subject, headers, created_at)
  select :?topic::text, convert_to(customer_id, 'UTF8'), convert_to(event, 'UTF8'), order_id, headers, at
  from redeemed join used using (order_id, code)
  order by n
)
select redeemed.order_id, redeemed.code, taken.code as taken
from redeemed
left join lateral (
  select code from coupon_redemption where coupon_redemption.order_id = redeemed.order_id offset 0
) as taken on true
where taken.code is distinct from redeemed.code
union all
select order_id, code, code from used
