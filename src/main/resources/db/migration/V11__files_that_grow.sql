-- What has been noticed of an import, or why it failed; null if nothing is to be said.
alter table import add column reason text;
-- A checksum of the content up to the position: whether a file that has changed since has only grown.
alter table import add column content_check bigint;
-- The end of what is given back, until it is on the disk of the inbox for certain.
alter table import add column rejected_unwritten bytea;
