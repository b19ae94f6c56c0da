-- What every registry has besides its own tables: events for the others, events taken from them, and the keys of writes.
create sequence outbox_seq;
create table outbox (
  event_id uuid primary key,
  seq bigint not null default nextval('outbox_seq'),
  transaction xid8 not null default pg_current_xact_id(),
  at timestamptz not null default now(),
  type text not null,
  subject uuid not null,
  payload jsonb not null
);
create index outbox_order on outbox (seq);
create table outbox_offset (
  consumer text primary key,
  seq bigint not null
);
create table inbox (
  event_id uuid primary key,
  received_at timestamptz not null default now()
);
-- A write is done once for each key of a consumer's user; the answer is kept as references, so that a repeat is answered under the rights of then.
create table mutation_key (
  consumer_id text not null,
  user_id text not null,
  key text not null,
  fingerprint bytea not null,
  answer jsonb not null,
  at timestamptz not null default now(),
  primary key (consumer_id, user_id, key)
);
grant select, insert on outbox, inbox, mutation_key to :app;
grant select, insert, update on outbox_offset to :app;
grant usage on sequence outbox_seq to :app;
