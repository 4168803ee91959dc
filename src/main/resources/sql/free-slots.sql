-- Frees the places that cancellations from before a moment have taken. Each by its key: a join would be planned for the
-- empty table of a new installation and kept.
with freed as (
  update reversal set has_slots = false
  where ctid = any (array(
    select ctid from reversal where has_slots and created_at < ? order by created_at limit ? for update skip locked))
  returning order_id
),
entries as (
  delete from point_entry where points = 0 and order_id = any (array(select order_id from freed))
),
redemptions as (
  delete from coupon_redemption where code is null and order_id = any (array(select order_id from freed))
),
mails as (
  delete from mail
  where kind = 'CONFIRMATION' and state = 'SUPPRESSED' and order_id = any (array(select order_id from freed))
)
select count(*) from freed
