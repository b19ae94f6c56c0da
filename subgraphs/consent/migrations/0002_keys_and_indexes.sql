alter table consent_event add foreign key (person_id, consent_id) references consent_record (person_id, consent_id);
-- A grant says what its consent says: to whom, for what and which categories cannot differ.
alter table consent_record add unique (person_id, consent_id, recipient_id, purpose_id, categories);
alter table consent_grant add foreign key (person_id, consent_id, recipient_id, purpose_id, categories)
  references consent_record (person_id, consent_id, recipient_id, purpose_id, categories);
create index consent_record_page on consent_record (consent_id);
create index consent_record_recipient on consent_record (recipient_id, consent_id);
create index consent_record_newest on consent_record (person_id, recorded_at desc, consent_id desc);
create unique index consent_grant_active on consent_grant (person_id, recipient_id, purpose_id) include (categories, valid_from, valid_until) where withdrawn_at is null;
create index sharing_policy_consumer on sharing_policy (consumer_id, purpose_id);
create index access_log_page on access_log (at desc, record_id desc);
create index access_log_consumer on access_log (consumer_id, at desc, record_id desc);
create index access_log_unsealed on access_log (at) where seal is null;
create index access_log_sealed on access_log (seal, record_id) where seal is not null;
-- The verifier finds the persons of a batch by its span of time; an index by record would cost each insert more.
create index access_log_person_span on access_log_person using brin (at);
-- Published means checked here too: within the ceiling of the consumer's kind, and narrowed only to fields of the class that is narrowed.
create function check_sharing_policy() returns trigger language plpgsql set search_path = consent, public as $$ declare k text; begin
  select kind into k from consumer where consumer_id = new.consumer_id; if new.status = 'PUBLISHED' and (
    not exists (select 1 from ceiling_purpose c where c.kind = k and c.purpose_id = new.purpose_id)
    or exists (
      select 1 from jsonb_each(new.grants) g cross join jsonb_array_elements_text(g.value) u
      where not exists (select 1 from ceiling_use c where c.kind = k and c.access_class = g.key and c.use = u)
    )
    or exists (select 1 from unnest(new.actions) a where not exists (select 1 from ceiling_action c where c.kind = k and c.action = a))
    or exists (
      select 1 from jsonb_each(new.fields_only) f cross join jsonb_array_elements_text(f.value) n
      where not exists (select 1 from field_class c where c.coordinate = n and c.access_class = f.key)
    )
  ) then raise exception 'a sharing policy above the ceiling of its consumer is not published' using errcode = 'check_violation'; end if; return new; end $$;
create trigger within_ceiling before insert or update on sharing_policy for each row execute function check_sharing_policy();
insert into policy_epoch (epoch, reason) values (1, 'beginning');
