-- What a consumer may run. Null goes by the consumer: outside government only what was registered for it. Whoever was there before goes on as before.
alter table consumer add column operations text check (operations in ('ANY', 'REGISTERED'));
update consumer set operations = 'ANY';
-- Operations that a consumer may run by id for a purpose. The id is the hash of the text, whoever writes it.
create table registered_operation (
  consumer_id text not null,
  purpose_id text not null,
  operation_id text not null check (operation_id = 'sha256:' || encode(sha256(convert_to(text, 'UTF8')), 'hex')),
  name text not null,
  text text not null,
  registered_at timestamptz not null default now(),
  registered_by text not null,
  retired_at timestamptz,
  primary key (consumer_id, purpose_id, operation_id)
);
create table operation_epoch (
  epoch bigint primary key,
  raised_at timestamptz not null default now(),
  reason text not null
);
alter table registered_operation add foreign key (consumer_id) references consumer (consumer_id);
alter table registered_operation add foreign key (purpose_id) references purpose (purpose_id);
insert into operation_epoch (epoch, reason) values (1, 'beginning');
grant select on registered_operation, operation_epoch to :app;
