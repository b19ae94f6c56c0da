-- Areas: small, the same everywhere. The path is the code: KE, KE.23, KE.23.02.
create table area (
  path ltree primary key,
  name text not null,
  level text not null check (level in ('COUNTRY', 'COUNTY', 'SUB_COUNTY', 'LOCALITY')),
  population integer check (population >= 0)
);

-- Persons. Household, area and score band of the household, programs and providers that know of the person stand
-- on the row, so that one shard can answer who may see it.
create table person (
  person_id uuid primary key,
  household_id uuid,
  area_path ltree not null,
  program_ids uuid[] not null default '{}',
  provider_ids uuid[] not null default '{}',
  score_band text,
  surname text not null,
  given_name text not null,
  second_name text,
  name_prefix text,
  name_suffix text,
  surname_key text not null,
  sex text not null check (sex in ('MALE', 'FEMALE', 'OTHER', 'UNKNOWN')),
  birth_date date not null,
  birth_date_estimated boolean not null default false,
  death_date date,
  marital_status text not null default 'UNKNOWN',
  education_level smallint check (education_level between 0 and 8),
  employment_status text not null default 'UNKNOWN',
  occupation text,
  income_level text,
  languages text[] not null default '{}',
  phones text[] not null default '{}',
  emails text[] not null default '{}',
  address_line1 text,
  address_line2 text,
  locality text,
  postal_code text,
  country text not null default 'KE',
  latitude numeric(9, 6),
  longitude numeric(9, 6),
  landmark text,
  disability_types text[] not null default '{}',
  disability_severities smallint[] not null default '{}',
  status text not null default 'ACTIVE' check (status in ('ACTIVE', 'INACTIVE', 'DECEASED', 'DUPLICATE', 'WITHDRAWN')),
  registered_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  source_system text,
  source_key text,
  source_taken_on date,
  check (cardinality(disability_types) = cardinality(disability_severities))
);

-- Numbers of persons. The value is found through identifier_key, by a keyed hash; it is kept here for the one who wrote it.
create table identifier (
  person_id uuid not null,
  identifier_id uuid not null,
  area_path ltree not null,
  type text not null,
  value text not null,
  last_four text not null,
  issuer text,
  issued_on date,
  expires_on date,
  status text not null default 'ACTIVE',
  verified_at timestamptz,
  verified_by text,
  primary key (person_id, identifier_id)
);

-- Global uniqueness of a number, and the way from number to person: HMAC-SHA256 of type and normalized value.
create table identifier_key (
  value_hash bytea primary key,
  person_id uuid not null
);

create table household (
  household_id uuid primary key,
  area_path ltree not null,
  program_ids uuid[] not null default '{}',
  provider_ids uuid[] not null default '{}',
  member_ids uuid[] not null default '{}',
  head_person_id uuid,
  type text not null default 'PRIVATE',
  address_line1 text,
  address_line2 text,
  locality text,
  postal_code text,
  landmark text,
  size integer not null default 0 check (size >= 0),
  children integer not null default 0,
  adults integer not null default 0,
  elderly integer not null default 0,
  score numeric(6, 2),
  score_band text,
  score_type text,
  score_version text,
  score_assessed_on date,
  assistance_unit text not null default 'HOUSEHOLD' check (assistance_unit in ('MEMBER', 'HOUSEHOLD', 'FAMILY')),
  registered_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  source_system text,
  source_key text,
  source_taken_on date
);

-- A person's places in households, by person ...
create table membership (
  person_id uuid not null,
  membership_id uuid not null,
  household_id uuid not null,
  area_path ltree not null,
  relationship text not null,
  recipient_role text check (recipient_role in ('PRIMARY', 'ALTERNATE')),
  valid_from date not null,
  valid_to date,
  primary key (person_id, membership_id),
  check (valid_to is null or valid_to >= valid_from)
);

-- ... and the same by household.
create table roster (
  household_id uuid not null,
  membership_id uuid not null,
  person_id uuid not null,
  area_path ltree not null,
  relationship text not null,
  recipient_role text check (recipient_role in ('PRIMARY', 'ALTERNATE')),
  valid_from date not null,
  valid_to date,
  primary key (household_id, membership_id),
  check (valid_to is null or valid_to >= valid_from)
);

-- Attempts to verify a person, counted by the hash of the number presented, whether or not anybody has it.
create table verification (
  subject_hash bytea not null,
  reference uuid not null,
  consumer_id text not null,
  program_code text not null,
  matched boolean not null,
  attempted_at timestamptz not null default now(),
  primary key (subject_hash, reference)
);

-- Registrations whose number is known already: a second look decides; the caller hears the same as for a new one.
create table registration_review (
  person_id uuid not null,
  review_id uuid not null,
  value_hash bytea not null,
  received_at timestamptz not null default now(),
  primary key (person_id, review_id)
);
