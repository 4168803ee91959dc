-- The customer's phone number, where one was given; personal as name and address are.
alter table orders add column customer_phone text;
