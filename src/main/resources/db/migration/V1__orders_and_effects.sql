-- An order as it was taken. Its id is a UUIDv7, so the primary key is also the order of time.
create table orders (
  id             uuid primary key,
  reference      text unique,          -- Idempotency-Key or orderRef: the order's identity for its sender
  fingerprint    bytea,                -- SHA-256 of the content a reference stands for
  customer_id    text not null,
  customer_email text not null,
  customer_name  text not null,
  locale         text not null,
  currency       text not null,
  subtotal       numeric not null,
  discount       numeric not null,
  total          numeric not null,
  coupon_code    text,
  created_at     timestamptz not null  -- whole milliseconds, those of the id
);
create index orders_of_customer on orders (customer_id, id);

create table order_item (
  order_id   uuid not null,
  position   smallint not null,        -- from 0
  sku        text not null,
  name       text not null,
  quantity   integer not null,
  unit_price numeric not null,
  primary key (order_id, position)
);

create table coupon (
  code                text primary key,
  discount_type       text not null check (discount_type in ('PERCENT', 'FIXED')),
  discount_value      numeric not null,
  currency            text,
  customer_id         text,
  minimum_order_total numeric,
  maximum_discount    numeric,
  valid_from          timestamptz,     -- inclusive
  valid_until         timestamptz,     -- exclusive
  usage_limit         integer not null,
  per_customer_limit  integer,
  reserved            integer not null default 0,
  used                integer not null default 0,
  created_at          timestamptz not null,
  check (reserved >= 0 and used >= 0 and reserved + used <= usage_limit)
) with (fillfactor = 50);              -- a campaign's row is updated once a batch: keep the versions on one page

-- A coupon's use by an order: reserved in the order's own transaction, used by the coupon consumer.
create table coupon_redemption (
  order_id    uuid primary key,
  code        text not null,
  customer_id text not null,
  discount    numeric not null,
  reserved_at timestamptz not null,
  used_at     timestamptz
);
create index coupon_redemption_of_customer on coupon_redemption (code, customer_id);

create table point_entry (
  order_id    uuid primary key,
  customer_id text not null,
  points      bigint not null check (points > 0),
  booked_at   timestamptz not null
);
create index point_entry_of_customer on point_entry (customer_id, booked_at, order_id);

create table point_balance (
  customer_id text primary key,
  balance     bigint not null
) with (fillfactor = 70);

-- Mails to be sent and sent, one for each order and kind.
create table mail (
  order_id         uuid not null,
  kind             text not null,
  customer_id      text not null,
  event            text not null,      -- the OrderCompletedEvent as it came; emptied once nobody needs it
  state            text not null check (state in ('QUEUED', 'SENT', 'FAILED')),
  attempts         integer not null default 0,
  in_doubt         boolean not null default false,  -- an attempt ended without the server's word on it
  queued_at        timestamptz not null,
  next_attempt_at  timestamptz not null,  -- of a settled one: when its last attempt was due
  sent_at          timestamptz,
  error            text,
  source_topic     text not null,      -- the record this mail was asked for by
  source_partition integer not null,
  source_offset    bigint not null,
  source_key       bytea,
  source_headers   text,               -- JSON, the values in Base64
  primary key (order_id, kind)
) with (fillfactor = 70);
create index mail_due on mail (next_attempt_at) where state = 'QUEUED';
create index mail_settled on mail (next_attempt_at) where state <> 'QUEUED' and event <> '';
create index mail_of_customer on mail (customer_id);

-- Records on their way to Kafka; a row leaves once the broker has it.
create table outbox (
  id         bigint generated always as identity primary key,
  topic      text not null,
  key        bytea,
  payload    bytea,
  subject    uuid,                     -- the order it is about
  headers    jsonb,                    -- beyond CloudEvents' own, values in Base64
  created_at timestamptz not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- What a consumer gave up on; one entry for each consumer and record.
create table dead_letter (
  id             bigint generated always as identity primary key,
  consumer       text not null check (consumer in ('point-consumer', 'coupon-consumer', 'email-consumer')),
  topic          text not null,
  partition      integer not null,
  "offset"       bigint not null,
  key            bytea,
  payload        bytea,
  headers        jsonb,                -- the record's own, values in Base64
  order_id       uuid,
  customer_id    text,
  error          text not null,
  attempts       integer not null default 1,
  failed_at      timestamptz not null,
  state          text not null default 'WAITING' check (state in ('WAITING', 'REPLAYED', 'DISCARDED')),
  replay_due_at  timestamptz,          -- set while a replay is asked for and not settled
  settled_at     timestamptz
);
-- The payload is part of it: a topic made anew counts its offsets from 0 again.
create unique index dead_letter_of_record
  on dead_letter (consumer, topic, partition, "offset", md5(coalesce(payload, '')));
create index dead_letter_of_order on dead_letter (order_id);
create index dead_letter_of_customer on dead_letter (customer_id);
create index dead_letter_to_replay on dead_letter (replay_due_at) where replay_due_at is not null;
create index dead_letter_settled on dead_letter (settled_at) where settled_at is not null;
