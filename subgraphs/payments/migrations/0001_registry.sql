create table provider (
  provider_id uuid primary key,
  code text not null unique,
  name text not null
);

-- program_ids: the programs that know of the person, as the programs registry tells by its events (enrollment.changed).
create table account (
  person_id uuid not null,
  account_id uuid not null,
  area_path ltree not null,
  program_ids uuid[] not null default '{}',
  kind text not null check (kind in ('BANK_ACCOUNT', 'MOBILE_WALLET', 'VOUCHER')),
  provider_id uuid not null references provider,
  number text not null,
  masked_number text not null,
  verified boolean not null default false,
  is_primary boolean not null default false,
  status text not null default 'ACTIVE' check (status in ('ACTIVE', 'CLOSED', 'BLOCKED')),
  primary key (person_id, account_id)
);

-- Program and enrollment are named by their ids in the programs registry; sensitive and area are copied when the payment is made.
-- person_id is the person enrolled; recipient_id is who collects, where that is somebody else. The account is the collector's.
create table payment (
  person_id uuid not null,
  payment_id uuid not null,
  recipient_id uuid,
  benefit_id uuid not null,
  enrollment_id uuid not null,
  program_id uuid not null,
  program_code text not null,
  sensitive boolean not null,
  area_path ltree not null,
  provider_id uuid not null references provider,
  account_id uuid,
  amount_entitled numeric(14, 2) not null,
  amount_delivered numeric(14, 2) not null default 0,
  currency text not null,
  due_on date not null,
  sent_at timestamptz,
  delivered_at timestamptz,
  provider_reference text,
  status text not null check (status in ('PENDING', 'SENT', 'DELIVERED', 'PARTIALLY_DELIVERED', 'NOT_DELIVERED', 'FAILED', 'REVERSED', 'CANCELLED')),
  status_at timestamptz not null,
  reason text,
  primary key (person_id, payment_id)
);

create table payment_event (
  person_id uuid not null,
  payment_id uuid not null,
  event_id uuid not null,
  program_id uuid not null,
  sensitive boolean not null,
  area_path ltree not null,
  provider_id uuid not null references provider,
  from_status text,
  to_status text not null,
  reason text,
  amount_delivered numeric(14, 2),
  provider_reference text,
  reported_by text not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  primary key (person_id, payment_id, event_id)
);
