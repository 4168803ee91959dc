with moment as (select ?::timestamptz as now)
select
  (select count(*) from outbox) as outbox,
  (select extract(epoch from now - min(created_at)) from (
    (select created_at from outbox where lane = 0 order by id limit 1)
    union all (select created_at from outbox where lane = 1 order by id limit 1)) as oldest) as outbox_age,
  (select count(*) from mail where state = 'QUEUED' and next_attempt_at <= now) as mails_due,
  (select extract(epoch from now - min(next_attempt_at)) from mail where state = 'QUEUED') as mail_age,
  (select count(*) from mail where state = 'QUEUED') as mails,
  (select count(*) from dead_letter where state = 'WAITING' and consumer = 'point-consumer') as point,
  (select count(*) from dead_letter where state = 'WAITING' and consumer = 'coupon-consumer') as coupon,
  (select count(*) from dead_letter where state = 'WAITING' and consumer = 'email-consumer') as email
from moment
