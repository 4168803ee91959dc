-- Which rules these orders break, each counted again from the rows that it follows from. Orders of other systems have
-- reversals and points, but no row of their own. Each row is found by its key: a join would be planned for the empty
-- table of a new installation and kept.
with asked as (select distinct id from unnest(?::uuid[]) as asked (id)),
seen as (
  select asked.id, placed.*, reversed.*, items.*, points.*
  from asked
  left join lateral (select status, refunded from orders where orders.id = asked.id offset 0) as placed on true
  cross join lateral (
    select coalesce(sum(refund), 0) as refunds, coalesce(bool_or(kind = 'CANCEL'), false) as is_cancelled
    from reversal where order_id = asked.id offset 0
  ) as reversed
  cross join lateral (
    select coalesce(sum(quantity), 0) as quantity, coalesce(sum(returned), 0) as returned,
      coalesce(bool_or(returned <> given), false) as differs
    from (
      select quantity, returned, coalesce((
        select sum(part.quantity)
        from reversal cross join lateral (
          select quantity from reversal_item
          where reversal_id = reversal.id and position = order_item.position offset 0
        ) as part
        where reversal.order_id = asked.id), 0) as given
      from order_item where order_id = asked.id offset 0
    ) as each
  ) as items
  cross join lateral (
    select coalesce((select points from point_entry where order_id = asked.id), 0)
      - coalesce((select sum(points) from point_reversal where order_id = asked.id), 0) as kept
    offset 0
  ) as points
)
select id::text as subject, rule
from seen cross join lateral (values
  ('refunded', refunded <> refunds),
  ('returned', differs),
  ('status', status <> case
    when is_cancelled then 'CANCELLED'
    when returned = 0 then 'COMPLETED'
    when returned = quantity then 'RETURNED'
    else 'PARTIALLY_RETURNED' end),
  ('points', is_cancelled and kept <> 0)) as each (rule, is_broken)
where is_broken
order by id, rule
