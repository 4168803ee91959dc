-- A file that was dropped, and how far its import has come.
create table import (
  id             bigint generated always as identity primary key,
  file           text not null,             -- its name in the inbox
  size           bigint not null,           -- with the name and the time: what tells one drop from the next
  modified       timestamptz not null,
  state          text not null default 'RUNNING' check (state in ('RUNNING', 'DONE', 'FAILED')),
  position       bigint not null default 0, -- bytes of the content (unzipped) whose orders are settled
  bytes_read     bigint not null default 0, -- of the file as it is on disk
  rejected_bytes bigint not null default 0, -- the length of what has been given back
  accepted       bigint not null default 0, -- these three count orders
  duplicates     bigint not null default 0,
  rejected       bigint not null default 0,
  error          text,                      -- why it can't be read, until that is told beside the file
  target         text,                      -- its name in done/ or failed/, once that is decided
  left_inbox     boolean not null default false,
  started_at     timestamptz not null,
  finished_at    timestamptz
) with (fillfactor = 50);
create unique index import_in_inbox on import (file, size, modified) where not left_inbox;
