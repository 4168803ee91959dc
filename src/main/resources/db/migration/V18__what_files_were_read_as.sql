-- What a file was read as: rows, xlsx, jsonl or json; null until that is known.
alter table import add column kind text;
alter table import add column delimiter text;
alter table import add column charset text;
alter table import add column profile text;
-- Orders that a profile passes over.
alter table import add column skipped bigint not null default 0;
-- A file that is no file of orders is noted, too.
alter table import drop constraint import_state_check;
alter table import add constraint import_state_check check (state in ('RUNNING', 'DONE', 'FAILED', 'IGNORED'));
