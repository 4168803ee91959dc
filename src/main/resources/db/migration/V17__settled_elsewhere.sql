-- What another system has taken off an order or charged with it, as JSON lists of label and amount; null where there is
-- none. The discount of an order contains its discounts.
alter table orders add column discounts jsonb, add column charges jsonb;
-- The number that people know an order by: one of its own, or its reference, or one made from its id. Orders of before
-- have none of these; theirs is made when it is asked for.
alter table orders
  add column own_number text,
  add column made_number text,
  add column is_known_by_reference boolean not null default false;
-- Each order is in one of these at most. Numbers that others give may come twice, those made here may not.
create index order_of_own_number on orders (own_number) where own_number is not null;
create unique index order_of_made_number on orders (made_number) where made_number is not null;

-- A coupon that was switched off is refused.
alter table coupon add column enabled boolean not null default true;
-- Coupons are listed in the order of their making.
create index coupon_by_age on coupon (created_at, code collate "C");
