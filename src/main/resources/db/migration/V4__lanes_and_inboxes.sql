-- Records that somebody waits for leave at once; those of big files fill the gaps, no faster than consumers follow.
alter table outbox add column lane smallint not null default 0;  -- 0 live, 1 bulk
alter table outbox drop constraint outbox_pkey, add primary key (lane, id);
create index outbox_bulk_of_customer on outbox (key, id) where lane = 1;

alter table mail add column lane smallint not null default 0;    -- that of the record it was asked for by
drop index mail_due;
create index mail_due on mail (lane, next_attempt_at) where state = 'QUEUED';

-- Instances may watch different inboxes; what is begun in one is no other's.
alter table import add column inbox text not null default '';    -- what stands in its .inbox-id
drop index import_in_inbox;
create unique index import_in_inbox on import (inbox, file, size, modified) where not left_inbox;
