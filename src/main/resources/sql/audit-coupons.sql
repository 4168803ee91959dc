-- Which counts of these coupons are not those of their redemptions. A use that a coupon of the customer's own was given
-- for goes on counting.
with asked as (select distinct code from unnest(?::text[]) as asked (code)),
seen as (
  select asked.code, known.*, counted.*
  from asked
  cross join lateral (select used, reserved from coupon where coupon.code = asked.code offset 0) as known
  cross join lateral (
    select
      count(*) filter (where case
        when released_at is null then used_at is not null
        else (select plan::jsonb #>> '{coupon,outcome}' = 'REISSUED' from reversal where id = reversal_id) end) as uses,
      count(*) filter (where used_at is null and released_at is null) as reservations
    from coupon_redemption where coupon_redemption.code = asked.code offset 0
  ) as counted
)
select code as subject, rule
from seen cross join lateral (values
  ('coupon-used', used <> uses),
  ('coupon-reserved', reserved <> reservations)) as each (rule, is_broken)
where is_broken
order by code, rule
