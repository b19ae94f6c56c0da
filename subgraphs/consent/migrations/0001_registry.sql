create table consumer (
  consumer_id text primary key,
  kind text not null,
  name text not null,
  outside_government boolean not null,
  provider_id uuid,
  suspended boolean not null default false
);

-- Closed hierarchical list: a grant for the parent covers the child, never the reverse.
create table purpose (
  purpose_id text primary key,
  parent_id text references purpose,
  name text not null
);

-- Versions of processing agreements never change.
create table agreement (
  code text not null,
  version integer not null,
  controller text not null,
  lawful_basis text not null,
  legal_reference text not null,
  purposes text[] not null,
  categories integer not null,
  recipients text[] not null,
  retention_days integer not null,
  notices jsonb not null,
  hash text not null,
  published_at timestamptz not null default now(),
  primary key (code, version)
);

create table sharing_policy (
  policy_id uuid primary key,
  consumer_id text not null references consumer,
  purpose_id text not null references purpose,
  lawful_basis text not null,
  agreement_code text,
  areas ltree[] not null,
  programs uuid[] not null,
  program_codes text[] not null,
  all_ordinary_programs boolean not null,
  providers uuid[] not null,
  all_providers boolean not null,
  self_only boolean not null,
  grants jsonb not null,
  fields_only jsonb not null default '{}',
  actions text[] not null,
  consent_classes text[] not null,
  consent_for_rows boolean not null,
  disclosure text not null check (disclosure in ('HIDE', 'DENY')),
  valid_from timestamptz not null,
  valid_until timestamptz,
  status text not null check (status in ('DRAFT', 'PUBLISHED', 'RETIRED')),
  created_by text not null,
  approved_by text,
  check (status = 'DRAFT' or approved_by is not null),
  check (approved_by is null or approved_by <> created_by)
);

-- The ceilings and the classes of fields as the code has them, so that no policy above them is published by SQL either.
create table ceiling_use (
  kind text not null,
  access_class text not null,
  use text not null,
  primary key (kind, access_class, use)
);

create table ceiling_purpose (
  kind text not null,
  purpose_id text not null references purpose,
  primary key (kind, purpose_id)
);

create table ceiling_action (
  kind text not null,
  action text not null,
  primary key (kind, action)
);

create table field_class (
  coordinate text primary key,
  access_class text not null
);

create table policy_epoch (
  epoch bigint primary key,
  raised_at timestamptz not null default now(),
  reason text not null
);

create table consent_record (
  person_id uuid not null,
  consent_id uuid not null,
  area_path ltree not null,
  agreement_code text not null,
  agreement_version integer not null,
  agreement_hash text not null,
  recipient_id text not null,
  purpose_id text not null,
  categories integer not null,
  given_by text not null,
  giver_id uuid,
  method text not null,
  evidence text,
  valid_from timestamptz not null,
  valid_until timestamptz,
  recorded_at timestamptz not null default now(),
  primary key (person_id, consent_id),
  foreign key (agreement_code, agreement_version) references agreement (code, version),
  foreign key (recipient_id) references consumer (consumer_id),
  foreign key (purpose_id) references purpose (purpose_id)
);

create table consent_event (
  person_id uuid not null,
  consent_id uuid not null,
  event_id uuid not null,
  status text not null check (status in ('REQUESTED', 'GIVEN', 'REFUSED', 'WITHDRAWN', 'EXPIRED', 'INVALIDATED')),
  actor text not null,
  at timestamptz not null default now(),
  primary key (person_id, consent_id, event_id)
);

-- What holds: at most one row that is not withdrawn for each person, recipient and purpose; never flattened into lists.
-- A row is made once for a consent and can only be ended: what was withdrawn is not given again by taking the end away.
create table consent_grant (
  person_id uuid not null,
  recipient_id text not null,
  purpose_id text not null,
  consent_id uuid not null,
  categories integer not null,
  valid_from timestamptz not null,
  valid_until timestamptz,
  withdrawn_at timestamptz,
  primary key (person_id, recipient_id, purpose_id, consent_id)
);

-- The one thing other registries read here, joined into their own queries.
create view active_grant as
  select person_id, recipient_id, purpose_id, categories
  from consent_grant
  where withdrawn_at is null and valid_from <= now() and (valid_until is null or valid_until > now());

-- Where persons live and which programs and providers know of them, as the other registries tell by their events.
create table subject (
  person_id uuid primary key,
  area_path ltree not null,
  program_ids uuid[] not null default '{}',
  provider_ids uuid[] not null default '{}'
);

-- The sets of fields that operations returned or were refused, each kept once, with the classes of their fields.
create table field_set (
  field_set_id bytea primary key,
  coordinates text[] not null,
  categories text[] not null
);

create table access_log (
  record_id uuid primary key,
  at timestamptz not null,
  request_id text not null,
  consumer_id text not null,
  user_id text not null,
  on_behalf_of uuid,
  purpose_id text,
  lawful_basis text,
  agreements text[] not null,
  operation_name text,
  operation_hash bytea not null,
  policy_epoch bigint not null,
  profile_digest bytea not null,
  field_set_id bytea,
  denied_set_id bytea,
  person_count integer not null,
  counts jsonb not null,
  searched bytea[] not null,
  outcome text not null,
  seal bigint,
  leaf bytea not null
);

-- Whose data a record is about, by person: answers «who looked at my data» from the person's own rows alone.
create table access_log_person (
  person_id uuid not null,
  at timestamptz not null,
  record_id uuid not null,
  hidden_until timestamptz,
  consumer_id text not null,
  purpose_id text,
  lawful_basis text,
  field_set_id bytea,
  outcome text not null,
  primary key (person_id, at, record_id)
);

create table access_seal (
  seal bigint primary key,
  sealed_at timestamptz not null default now(),
  records integer not null,
  merkle_root bytea not null,
  previous bytea not null,
  chain bytea not null,
  signature bytea not null
);
