-- intake: 200 references
select * from orders where reference = any (array(select 'order-' || n * 7 from generate_series(1, 200) as n));
-- intake: 200 customers' uses of a coupon
select code, customer_id, (
  select count(*) from coupon_redemption as r where r.code = taker.code and r.customer_id = taker.customer_id) as taken
from (select distinct 'CAMPAIGN' as code, 'c-' || n as customer_id from generate_series(1, 200) as n) as taker;
-- outbox: 500 records of 100,000
@take-outbox.sql 500, 100, 500, 4194304, '{}', '{}', '{}', '{}';
-- outbox: 500 records deleted
delete from outbox where ctid = any (array(
  select row.ctid from (
    select 'order.completed' as topic, 0::smallint as lane, id from outbox
    where topic = 'order.completed' and lane = 0 order by id limit 500) as sent
  cross join lateral (
    select ctid from outbox where topic = sent.topic and lane = sent.lane and id = sent.id offset 0) as row));
-- coupons: 500 uses
update coupon_redemption set used_at = now()
from (select nth_order(n * 1500) as order_id from generate_series(1, 500) as n) as redeemed
cross join lateral (
  select ctid from coupon_redemption where order_id = redeemed.order_id and used_at is null offset 0) as reserved
where coupon_redemption.ctid = reserved.ctid
returning coupon_redemption.order_id;
-- mails: 25 taken
with live as (
  select ctid, lane, next_attempt_at, octet_length(event) as bytes from mail
  where state = 'QUEUED' and lane = 0 and next_attempt_at <= now() and next_attempt_at >= '2000-01-01' and taken_by is null
  order by next_attempt_at limit (select 25) for update skip locked),
reversal as (
  select ctid, lane, next_attempt_at, octet_length(event) as bytes from mail
  where state = 'QUEUED' and lane = 2 and next_attempt_at <= now() and next_attempt_at >= '2000-01-01' and taken_by is null
  order by next_attempt_at limit (select 25) - (select count(*) from live) for update skip locked),
bulk as (
  select ctid, lane, next_attempt_at, octet_length(event) as bytes from mail
  where state = 'QUEUED' and lane = 1 and next_attempt_at <= now() and next_attempt_at >= '2000-01-01' and taken_by is null
  order by next_attempt_at limit (select 25) - (select count(*) from live) - (select count(*) from reversal)
  for update skip locked),
measured as (
  select ctid, sum(bytes) over (
    order by array_position(array[0, 2, 1], lane::int), next_attempt_at, ctid
    rows between unbounded preceding and 1 preceding) as bytes_before
  from (select * from live union all select * from reversal union all select * from bulk) as due),
taken as (
  update mail set taken_by = 1
  where ctid = any (array(select ctid from measured where coalesce(bytes_before, 0) < 1048576))
  returning *)
select * from taken where (select set_config('synchronous_commit', 'off', true)) = 'off'
order by array_position(array[0, 2, 1], lane::int), next_attempt_at;
-- mails: 50 settled
update mail set state = 'SENT', taken_by = null
from (select nth_order(n * 100) as order_id from generate_series(1, 50) as n) as o
cross join lateral (select ctid from mail where order_id = o.order_id and kind = 'CONFIRMATION' offset 0) as due
where mail.ctid = due.ctid;
-- mails: those that a clock put back keeps waiting
update mail set next_attempt_at = now()
where state = 'QUEUED' and next_attempt_at > now() and (attempts = 0 or next_attempt_at > now() + interval '1 h');
-- mails: 500 emptied
update mail set event = '' where ctid = any (array(
  select ctid from mail where state <> 'QUEUED' and event <> '' and next_attempt_at < now()
  order by next_attempt_at limit 500 for update skip locked));
-- an order with its effects
@order-overview.sql nth_order(999);
-- an order's story
@order-timeline.sql :order=nth_order(999);
-- whether an order's event waits in an outbox of 100,000
@order-in-outbox.sql :topic='order.completed', :from=now() - interval '1 s', :order=nth_order(99999);
-- refunds: those due for too long
select count(*), min(created_at), max(created_at) from (
  select created_at from reversal
  where (refund_state, id) > ('DUE', nth_order(0)) and (refund_state, id) < ('DUE', nth_order(1000000))
  order by refund_state, id limit 10001) as few;
-- reversals: 50 newest
select * from reversal order by id desc limit 51;
-- reversals: 50 newest due
select * from reversal where refund_state = 'DUE' order by refund_state desc, id desc limit 51;
-- reversals: those of an order
select * from reversal where order_id = nth_order(500) order by order_version;
-- audit: 50 newest acts
select * from operator_action where id < 9223372036854775807 order by id desc limit 51;
-- an order's items
select * from order_item where order_id = nth_order(999) order by position;
-- orders: 50 newest
select * from orders order by id desc limit 51;
-- orders: 50 of a customer
select * from orders where customer_id = 'c-77' order by id desc limit 51;
-- orders: 50 that were cancelled
select orders.* from (select distinct order_id as id from reversal order by order_id desc) as taken_back join orders using (id)
where status = 'CANCELLED' order by id desc limit 51;
-- orders: 50 of a time
select * from orders where id >= nth_order(1000000) and id < nth_order(1500000) order by id desc limit 51;
-- points: a customer's 50 newest
select order_id, points, booked_at from point_entry where customer_id = 'c-77'
order by booked_at desc, order_id desc limit 51;
-- points: a customer's 50 newest movements
@point-movements.sql :customer='c-77', :at='infinity'::timestamptz, :id=nth_order(0), :limit=51;
-- mails: 50 that wait, a page within them
select waiting.* from generate_series(0, 9) as each (lane) cross join lateral (
  select order_id, customer_id, event, attempts, queued_at, next_attempt_at, error
  from mail
  where state = 'QUEUED' and mail.lane = each.lane
    and next_attempt_at >= '2000-01-01' and (next_attempt_at, order_id) > ('2000-01-01', nth_order(0))
  order by next_attempt_at, order_id limit 51
) as waiting
order by next_attempt_at, order_id limit 51;
-- dead letters: 50 newest
select * from dead_letter where id < 9223372036854775807 order by id desc limit 51;
-- dead letters: 50 waiting for a consumer
select * from dead_letter
where (consumer, state, id) > ('point-consumer', 'WAITING', 0)
  and (consumer, state, id) < ('point-consumer', 'WAITING', 9223372036854775807)
order by consumer desc, state desc, id desc limit 51;
-- dead letters: summary of 20,000 waiting
@dead-letter-summary.sql 200;
-- dead letters: 100 of one cause to be replayed
select id from dead_letter
where state = 'WAITING' and (consumer, cause, id) > ('email-consumer', 'is no JSON', 1000)
  and (consumer, cause, id) <= ('email-consumer', 'is no JSON', 9223372036854775807)
order by consumer, cause, id limit 100;
-- dead letters: 100 replays due
update dead_letter set replay_due_at = now() where ctid = any (array(
  select ctid from dead_letter where replay_due_at <= now() or replay_due_at > now() + interval '2 min'
  order by replay_due_at limit 100 for update skip locked)) returning *;
-- dead letters: 1,000 forgotten
delete from dead_letter where ctid = any (array(
  select ctid from dead_letter where settled_at < now() - interval '22 d' limit 1000));
-- reconciler: 2,000 orders looked through
with slice as (
  select id, subtotal - discount as goods, coupon_code, customer_email, status
  from orders where id >= nth_order(1000000) and id < nth_order(1500000) order by id limit 2000
)
select id, goods, array_remove(array[
  case when slice.status <> 'CANCELLED' and goods > 0 and not exists (select from point_entry where order_id = slice.id)
    and not exists (
      select from dead_letter
      where order_id = slice.id and consumer = 'point-consumer' and state <> 'REPLAYED' and partition >= 0)
    and not exists (select from discarded_effect where order_id = slice.id and consumer = 'point-consumer')
  then 'point-consumer' end,
  case when slice.status <> 'CANCELLED' and coupon_code is not null and not exists (
      select from coupon_redemption where order_id = slice.id and (used_at is not null or released_at is not null))
    and not exists (
      select from dead_letter
      where order_id = slice.id and consumer = 'coupon-consumer' and state <> 'REPLAYED' and partition >= 0)
    and not exists (select from discarded_effect where order_id = slice.id and consumer = 'coupon-consumer')
  then 'coupon-consumer' end,
  case when slice.status <> 'CANCELLED' and customer_email <> '' and not exists (select from mail where order_id = slice.id and kind = 'CONFIRMATION')
    and not exists (
      select from dead_letter
      where order_id = slice.id and consumer = 'email-consumer' and state <> 'REPLAYED' and partition >= 0)
    and not exists (select from discarded_effect where order_id = slice.id and consumer = 'email-consumer')
  then 'email-consumer' end
], null) as missing
from slice
order by id;
-- reconciler: whether older events wait in an outbox of 100,000
select bool_or(created_at < now() - interval '1 d' or id <= 100)
from generate_series(0, 9) as each (lane) cross join lateral (
  select created_at, id from outbox where topic = 'order.completed' and lane = each.lane order by id limit 1000) as first;
-- metrics: an outbox of 100,000, 20,000 mails, 20,000 dead letters
@backlog.sql now(), '{point-consumer,coupon-consumer,email-consumer}';
-- erasure: 1,000 of a customer's orders
select id, customer_email from orders
where (customer_id, id) > ('c-77', nth_order(0)) and (customer_id, id) < ('c-77', nth_order(99999999))
order by customer_id, id limit 1000;
-- erasure: 500 of a customer's mails
select order_id from mail
where event <> '' and (customer_id, order_id) > ('c-77', nth_order(0)) and (customer_id, order_id) < ('c-77', nth_order(99999999))
order by customer_id, order_id limit 500;
-- erasure: 1,000 records of an outbox of 100,000
select key = convert_to('c-77', 'UTF8') or position(convert_to('c-77', 'UTF8') in payload) > 0
from outbox where (topic, lane, id) > ('order.completed', 0, 5000) order by topic, lane, id limit 1000
