create function nth_order(n bigint) returns uuid immutable language sql as
  $$ select (lpad(to_hex(1700000000000 + n * 3), 12, '0') || '7000' || '8' || lpad(to_hex(n), 15, '0'))::uuid $$;
insert into orders
select nth_order(n), 'order-' || n, decode(md5(n::text), 'hex'), 'c-' || n % 1000000, 'customer@example.com', 'Kim', 'ko',
  'KRW', 78000, 0, 78000, case when n % 3 = 0 then 'CAMPAIGN' end, to_timestamp((1700000000000 + n * 3) / 1000.0)
from generate_series(1, :orders) as n;
insert into order_item select nth_order(n), 0, 'TS-001', 'Shirt', 2, 39000 from generate_series(1, :orders) as n;
insert into point_entry
select nth_order(n), 'c-' || n % 1000000, 780, to_timestamp((1700000000000 + n * 3) / 1000.0)
from generate_series(1, :orders) as n;
insert into point_balance select customer_id, sum(points) from point_entry group by customer_id;
insert into mail
select nth_order(n), 'CONFIRMATION', 'c-' || n % 1000000, case when n > :orders - 1000000 then '{}' else '' end,
  case when n > :orders - 20000 then 'QUEUED' else 'SENT' end, 1, false,
  now(), to_timestamp((1700000000000 + n * 3) / 1000.0), now(), null, 'order.completed', 0, n, null, null
from generate_series(1, :orders) as n;
insert into coupon (code, discount_type, discount_value, usage_limit, reserved, used, created_at)
values ('CAMPAIGN', 'PERCENT', 10, 1000000000, 10000, :orders, now());
insert into coupon_redemption
select nth_order(n), 'CAMPAIGN', 'c-' || n % 1000000, 0, now(), case when n % 1000 <> 0 then now() end
from generate_series(3, :orders, 3) as n;
insert into reversal (id, order_id, order_version, kind, reference, fingerprint, customer_id, currency, refund, points,
  refund_state, plan, actor, created_at)
select nth_order(n + 1), nth_order(n), 2, case when n % 200 = 0 then 'CANCEL' else 'RETURN' end, 'return-' || n,
  decode(md5(n::text), 'hex'), 'c-' || n % 1000000, 'KRW', 39000, 390,
  (array['DUE', 'SETTLED', 'SETTLED', 'SETTLED', 'FAILED'])[1 + n / 100 % 5], '{}', 'shop',
  to_timestamp((1700000000000 + n * 3 + 1) / 1000.0)
from generate_series(100, :orders, 100) as n;
insert into point_reversal select id, order_id, customer_id, points, created_at from reversal;
update orders set status = case reversal.kind when 'CANCEL' then 'CANCELLED' else 'PARTIALLY_RETURNED' end, version = 2
from reversal where orders.id = reversal.order_id;
insert into operator_action (at, actor, role, action, target_kind, target_id, request_id, detail)
select created_at, 'minji', 'operator', kind, 'order', order_id, id, '{}' from reversal;
insert into outbox (topic, key, payload, subject, created_at)
select 'order.completed', convert_to('c-' || n, 'UTF8'), convert_to(repeat('x', 500), 'UTF8'), nth_order(n), now()
from generate_series(1, 100000) as n;
insert into dead_letter (consumer, topic, partition, "offset", payload, order_id, customer_id, error, failed_at, state,
  settled_at, replay_due_at)
select (array['point-consumer', 'coupon-consumer', 'email-consumer'])[1 + n % 3], 'order.completed', 0, n, '{}',
  nth_order(n), 'c-' || n, (array['total is negative', 'coupon X' || n || ' does not exist', 'is no JSON'])[1 + n % 3],
  now() - n * interval '10 s', case when n % 10 = 0 then 'WAITING' else 'REPLAYED' end,
  case when n % 10 <> 0 then now() - n * interval '10 s' end, case when n % 100 = 0 then now() end
from generate_series(1, 200000) as n;
vacuum analyze
