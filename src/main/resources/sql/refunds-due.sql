-- What is owed, by currency. Of each state the 10,000 oldest are counted, by the index.
select currency, count(*) as refunds, sum(refund) as amount, extract(epoch from min(created_at))::float8 as oldest
from (values ('DUE'), ('FAILED')) as open (state)
cross join lateral (
  select currency, refund, created_at from reversal where refund_state = open.state order by id limit 10000
) as due
group by currency
