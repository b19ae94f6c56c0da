create table program (
  program_id uuid primary key,
  code text not null unique,
  name text not null,
  description text not null default '',
  institution text not null default '',
  type text not null,
  target text not null check (target in ('PERSON', 'HOUSEHOLD')),
  benefit_type text not null,
  amount numeric(14, 2),
  currency text not null default 'KES',
  frequency text,
  status text not null default 'ACTIVE' check (status in ('DRAFT', 'ACTIVE', 'PAUSED', 'CLOSED')),
  legal_basis text,
  sensitive boolean not null default false,
  starts_on date not null,
  ends_on date,
  source_system text,
  source_key text,
  source_taken_on date
);

create table program_criteria (
  program_id uuid not null references program,
  version integer not null,
  valid_from date not null,
  criteria text not null,
  primary key (program_id, version)
);

create table compatibility (
  program_id uuid not null references program,
  other_program_id uuid not null references program,
  level text not null check (level in ('PERSON', 'HOUSEHOLD')),
  valid_from date not null,
  valid_to date,
  verdict text not null check (verdict in ('ALLOWED', 'COMPLEMENTARY', 'NEEDS_REVIEW', 'FORBIDDEN')),
  primary key (program_id, other_program_id, level, valid_from)
);

create table cycle (
  program_id uuid not null references program,
  sequence integer not null,
  starts_on date not null,
  ends_on date not null,
  status text not null check (status in ('DRAFT', 'TO_APPROVE', 'APPROVED', 'DISTRIBUTED', 'ENDED', 'CANCELLED')),
  primary key (program_id, sequence)
);

-- Which state may follow which. An empty from_status is the beginning.
create table allowed_transition (
  from_status text not null,
  to_status text not null,
  primary key (from_status, to_status)
);

create table enrollment (
  person_id uuid not null,
  enrollment_id uuid not null,
  household_id uuid,
  program_id uuid not null references program,
  sensitive boolean not null,
  area_path ltree not null,
  status text not null,
  status_since date not null,
  starts_on date not null,
  ends_on date,
  source_system text,
  source_key text,
  source_taken_on date,
  updated_at timestamptz not null default now(),
  primary key (person_id, enrollment_id)
);

create table enrollment_event (
  person_id uuid not null,
  enrollment_id uuid not null,
  event_id uuid not null,
  program_id uuid not null references program,
  sensitive boolean not null,
  area_path ltree not null,
  from_status text,
  to_status text not null,
  on_date date not null,
  reason text not null,
  decision text,
  actor text not null,
  recorded_at timestamptz not null default now(),
  primary key (person_id, enrollment_id, event_id)
);

create table benefit (
  person_id uuid not null,
  benefit_id uuid not null,
  enrollment_id uuid not null,
  program_id uuid not null references program,
  sensitive boolean not null,
  area_path ltree not null,
  cycle_sequence integer not null,
  type text not null,
  amount numeric(14, 2),
  currency text,
  quantity numeric(14, 3),
  unit text,
  valid_from date not null,
  valid_until date not null,
  status text not null check (status in ('DRAFT', 'APPROVED', 'ISSUED', 'CANCELLED', 'EXPIRED')),
  primary key (person_id, benefit_id)
);

-- Where persons live, as the persons registry tells by its events: needed to place an enrollment in an area.
create table subject (
  person_id uuid primary key,
  household_id uuid,
  area_path ltree not null
);

-- How many receive, by program and area: folded counts, and changes that are not folded yet.
create table coverage_cell (
  program_id uuid not null,
  area_path ltree not null,
  beneficiaries bigint not null,
  primary key (program_id, area_path)
);
create sequence coverage_delta_seq;
create table coverage_delta (
  delta_id bigint primary key default nextval('coverage_delta_seq'),
  program_id uuid not null,
  area_path ltree not null,
  change integer not null,
  at timestamptz not null default now()
);
