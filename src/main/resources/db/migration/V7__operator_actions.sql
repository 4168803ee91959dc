-- What operators and other callers with a right to change things have done: one line for each act, written in its transaction.
create table operator_action (
  id          bigint generated always as identity primary key,
  at          timestamptz not null,
  actor       text not null,           -- the key's name, or the access token's subject
  role        text not null,           -- the roles the actor had, separated by commas
  action      text not null,
  target_kind text not null,
  target_id   text not null,           -- an id that is an e-mail address stands here as its SHA-256
  request_id  text,
  detail      jsonb not null default '{}'
);

-- The application owns its tables, so that a right it lacks cannot protect them from it; a trigger can.
create function refuse_change_of_operator_action() returns trigger language plpgsql as $$
begin
  raise exception 'operator_action takes new rows only' using errcode = 'restrict_violation';
end
$$;
create trigger operator_action_is_append_only before update or delete or truncate on operator_action
  for each statement execute function refuse_change_of_operator_action();
