alter table enrollment_event add foreign key (person_id, enrollment_id) references enrollment (person_id, enrollment_id);
alter table benefit add foreign key (person_id, enrollment_id) references enrollment (person_id, enrollment_id);
create unique index enrollment_one_open on enrollment (person_id, program_id) where status in ('APPLIED', 'WAITLISTED', 'ENROLLED', 'SUSPENDED', 'AWAITING_RENEWAL');
create index enrollment_page on enrollment (program_id, enrollment_id);
create index enrollment_all on enrollment (enrollment_id);
create index enrollment_area on enrollment (area_path, enrollment_id);
create index enrollment_household on enrollment (household_id) where household_id is not null;
create index enrollment_source on enrollment (source_system, source_key) where source_system is not null;
create index benefit_of_enrollment on benefit (person_id, enrollment_id, valid_from desc);
insert into allowed_transition (from_status, to_status) values
  ('', 'APPLIED'), ('', 'WAITLISTED'), ('', 'ENROLLED'),
  ('APPLIED', 'WAITLISTED'), ('APPLIED', 'ENROLLED'), ('APPLIED', 'NOT_ELIGIBLE'), ('APPLIED', 'DUPLICATED'), ('APPLIED', 'EXITED'), ('APPLIED', 'DECEASED'),
  ('WAITLISTED', 'ENROLLED'), ('WAITLISTED', 'NOT_ELIGIBLE'), ('WAITLISTED', 'EXITED'), ('WAITLISTED', 'DUPLICATED'), ('WAITLISTED', 'DECEASED'),
  ('ENROLLED', 'SUSPENDED'), ('ENROLLED', 'AWAITING_RENEWAL'), ('ENROLLED', 'GRADUATED'), ('ENROLLED', 'EXITED'), ('ENROLLED', 'DECEASED'), ('ENROLLED', 'DUPLICATED'), ('ENROLLED', 'NOT_ELIGIBLE'),
  ('SUSPENDED', 'ENROLLED'), ('SUSPENDED', 'EXITED'), ('SUSPENDED', 'DECEASED'), ('SUSPENDED', 'DUPLICATED'), ('SUSPENDED', 'NOT_ELIGIBLE'), ('SUSPENDED', 'AWAITING_RENEWAL'),
  ('AWAITING_RENEWAL', 'ENROLLED'), ('AWAITING_RENEWAL', 'SUSPENDED'), ('AWAITING_RENEWAL', 'EXITED'), ('AWAITING_RENEWAL', 'NOT_ELIGIBLE'), ('AWAITING_RENEWAL', 'DECEASED'), ('AWAITING_RENEWAL', 'GRADUATED'), ('AWAITING_RENEWAL', 'DUPLICATED');
