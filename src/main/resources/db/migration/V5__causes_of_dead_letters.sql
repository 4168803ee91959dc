-- Why a consumer gave up, without what differs from one record to the next: a coupon's code, an item's place, what
-- stands in quotes or angle brackets, addresses, ids and long numbers. Dead letters are grouped by it.
alter table dead_letter add column cause text not null generated always as (
  left(
    regexp_replace(
      error,
      $$(?<=^coupon )\S+|(?<=^items/)\d+|"[^"]*"|<[^>]*>|\S+@\S+|\d+(?:\.\d+){3}|$$
        || $$[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\m(?=\w*\d)(?=\w*[A-Za-z])\w{6,}\M|\d{5,}$$,
      '…', 'g'),
    200)) stored;
create index dead_letter_waiting_causes on dead_letter (consumer, cause, failed_at) where state = 'WAITING';
