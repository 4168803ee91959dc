-- A sender takes mails in a transaction of its own and sends them without one. Who has taken a mail is instance.id; a
-- taker without a row in instance has lost it. No index contains the column, so taking a mail writes to none.
alter table mail add column taken_by bigint;
