-- A change that needs the table for itself.
alter table coupon add column added integer;
