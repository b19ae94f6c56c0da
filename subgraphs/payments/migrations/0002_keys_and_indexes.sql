alter table payment_event add foreign key (person_id, payment_id) references payment (person_id, payment_id);
create index payment_all on payment (payment_id);
create index payment_of_program on payment (program_id, payment_id);
create index payment_of_provider on payment (provider_id, payment_id);
create index payment_area on payment (area_path, payment_id);
create index payment_of_recipient on payment (recipient_id, payment_id) where recipient_id is not null;
create index payment_of_person on payment (person_id, due_on desc, payment_id);
create index payment_of_enrollment on payment (person_id, enrollment_id, due_on desc);
