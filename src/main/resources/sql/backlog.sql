with recursive moment as (select ?::timestamptz as now),
topics as (
  (select topic from outbox order by topic limit 1)
  union all
  select (select topic from outbox where topic > topics.topic order by topic limit 1) from topics where topic is not null
)
select
  (select count(*) from outbox) as outbox,
  (select extract(epoch from now - min(oldest.created_at))
    from topics cross join (values (0), (1)) as lanes (lane) cross join lateral (
      select created_at from outbox where outbox.topic = topics.topic and outbox.lane = lanes.lane order by id limit 1
    ) as oldest) as outbox_age,
  (select count(*) from mail where state = 'QUEUED' and next_attempt_at <= now) as mails_due,
  (select extract(epoch from now - min(next_attempt_at)) from mail where state = 'QUEUED') as mail_age,
  (select count(*) from mail where state = 'QUEUED') as mails,
  (select count(*) from dead_letter where state = 'WAITING' and consumer = 'point-consumer') as point,
  (select count(*) from dead_letter where state = 'WAITING' and consumer = 'coupon-consumer') as coupon,
  (select count(*) from dead_letter where state = 'WAITING' and consumer = 'email-consumer') as email
from moment
