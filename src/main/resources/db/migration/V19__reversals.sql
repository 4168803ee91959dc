-- What became of an order after it was placed. Existing rows are complete; the checks hold for what is written from now on.
alter table orders
  add column status text not null default 'COMPLETED',
  add column version integer not null default 1,      -- 1 as placed, one more with each reversal
  add column refunded numeric not null default 0,     -- the sum of its reversals' refunds
  add constraint orders_status_check
    check (status in ('COMPLETED', 'PARTIALLY_RETURNED', 'RETURNED', 'CANCELLED')) not valid,
  -- No refund is given twice: the table refuses it.
  add constraint refunded_within_total check (refunded >= 0 and refunded <= total) not valid;
alter table order_item
  add column returned integer not null default 0,
  add constraint returned_within_quantity check (returned >= 0 and returned <= quantity) not valid;

-- A cancellation, a return or goodwill: settled in one transaction with all that follows from it.
create table reversal (
  id               uuid primary key,                  -- UUIDv7; the key of the refund at the payment provider
  order_id         uuid not null,
  order_version    integer not null,                  -- the order's after it
  kind             text not null check (kind in ('CANCEL', 'RETURN', 'GOODWILL')),
  reference        text not null,                     -- the Idempotency-Key, the returnRef or another system's reversal
  fingerprint      bytea not null,                    -- SHA-256 of the request that the reference stands for
  customer_id      text not null,
  currency         text not null,
  refund           numeric not null check (refund >= 0),
  charges          numeric not null default 0 check (charges >= 0),  -- the part of it that is for charges
  unearned         numeric not null default 0,        -- what it takes from the amount that earned points
  withheld         numeric not null default 0 check (withheld >= 0), -- kept back below a coupon's minimum, after it
  points           bigint not null default 0 check (points >= 0),    -- taken back by it
  has_slots        boolean not null default false,    -- of an order that is not here: its effects' places are taken
  refund_state     text not null check (refund_state in ('NONE', 'DUE', 'SETTLED', 'FAILED')),
  refund_reference text,                              -- the payment's
  refund_at        timestamptz,
  refund_detail    text,
  plan             text not null,                     -- the answer as it was given, JSON
  reason           text,
  note             text,                              -- free text, erased with the customer's data
  actor            text not null,
  created_at       timestamptz not null,
  unique (order_id, reference),
  unique (order_id, order_version)
);
create unique index one_cancellation on reversal (order_id) where kind = 'CANCEL';
create index reversal_by_refund_state on reversal (refund_state, id);
create index reversal_with_slots on reversal (created_at) where has_slots;
create index reversal_of_customer on reversal (customer_id, id);

create table reversal_item (
  reversal_id uuid not null,
  position    smallint not null,
  quantity    integer not null check (quantity > 0),
  refund      numeric not null check (refund >= 0),
  primary key (reversal_id, position)
);

-- An entry of 0 points takes the place of one that is not to come, because its order was cancelled before.
alter table point_entry
  drop constraint point_entry_points_check,
  add constraint point_entry_points_check check (points >= 0) not valid,
  add column earn_rate numeric;                       -- the rate it was booked by; null in entries of before
-- Points that were taken back when fewer were left than had been earned.
alter table point_balance add column debt bigint not null default 0;
create table point_reversal (
  reversal_id uuid primary key,
  order_id    uuid not null,
  customer_id text not null,
  points      bigint not null check (points > 0),     -- taken back
  reversed_at timestamptz not null
);
create index point_reversal_of_customer on point_reversal (customer_id, reversed_at, reversal_id);
create index point_reversal_of_order on point_reversal (order_id);

-- A released redemption counts as no use. Without a code it takes the place of one that is not to come.
alter table coupon_redemption
  alter column code drop not null,
  add column released_at timestamptz,
  add column reversal_id uuid;

-- A suppressed mail is not sent.
alter table mail
  drop constraint mail_state_check,
  add constraint mail_state_check check (state in ('QUEUED', 'SENT', 'FAILED', 'SUPPRESSED')) not valid;

-- A record that came too early is tried again by itself, with growing pauses, for a day.
alter table dead_letter
  add column retry_at timestamptz,
  add column retry_until timestamptz;
create index dead_letter_to_retry on dead_letter (retry_at) where retry_at is not null and state = 'WAITING';

-- What was done about one order, reversal or dead letter.
create index operator_action_of_target on operator_action (target_kind, target_id);
