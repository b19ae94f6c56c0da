-- The backstop behind the decision: the settings of the transaction say who may be seen; missing or empty means nobody.
alter table consent_record enable row level security;
alter table consent_record force row level security;
create policy owner_all on consent_record to :migrator using (true) with check (true);
create policy scope on consent_record to :app using (
  person_id::text = current_setting('access.person', true)
  or _ltree_isparent(array_remove(string_to_array(nullif(current_setting('access.areas', true), ''), ','), '')::ltree[], area_path)
);
alter table consent_event enable row level security;
alter table consent_event force row level security;
create policy owner_all on consent_event to :migrator using (true) with check (true);
create policy scope on consent_event to :app using (
  current_setting('access.person', true) = person_id::text or nullif(current_setting('access.areas', true), '') is not null
);
alter table consent_grant enable row level security;
alter table consent_grant force row level security;
create policy owner_all on consent_grant to :migrator using (true) with check (true);
create policy scope on consent_grant for select to :app using (
  current_setting('access.person', true) = person_id::text or nullif(current_setting('access.areas', true), '') is not null
);
create policy give on consent_grant for insert to :app with check (
  withdrawn_at is null and (current_setting('access.person', true) = person_id::text or nullif(current_setting('access.areas', true), '') is not null)
);
-- What is withdrawn is never changed again.
create policy end_it on consent_grant for update to :app using (withdrawn_at is null) with check (withdrawn_at is not null);
alter table subject enable row level security;
alter table subject force row level security;
create policy owner_all on subject to :migrator using (true) with check (true);
create policy scope on subject to :app using (
  person_id::text = current_setting('access.person', true)
  or (
    _ltree_isparent(array_remove(string_to_array(nullif(current_setting('access.areas', true), ''), ','), '')::ltree[], area_path)
    and (current_setting('access.all_programs', true) = 'on' or program_ids && string_to_array(nullif(current_setting('access.programs', true), ''), ',')::uuid[])
    and (current_setting('access.all_providers', true) = 'on' or provider_ids && string_to_array(nullif(current_setting('access.providers', true), ''), ',')::uuid[])
  )
);
alter table access_log enable row level security;
alter table access_log force row level security;
create policy owner_all on access_log to :migrator using (true) with check (true);
create policy own on access_log for select to :app using (
  current_setting('access.audit_all', true) = 'on' or consumer_id = nullif(current_setting('access.consumer', true), '')
);
create policy note on access_log for insert to :app with check (seal is null);
-- A record is sealed once and stays in its batch.
create policy seal on access_log for update to :app using (seal is null) with check (seal is not null);
alter table access_log_person enable row level security;
alter table access_log_person force row level security;
create policy owner_all on access_log_person to :migrator using (true) with check (true);
create policy own on access_log_person for select to :app using (
  person_id::text = current_setting('access.person', true) and (hidden_until is null or hidden_until <= now())
);
create policy note on access_log_person for insert to :app with check (true);
grant select on consumer, purpose, agreement, sharing_policy, policy_epoch, active_grant, ceiling_use, ceiling_purpose, ceiling_action, field_class to :app;
-- What is only added to is granted no more than that: there is no way back over what was consented to, logged or sealed.
grant select, insert on consent_record, consent_event, consent_grant, field_set, access_log, access_log_person, access_seal to :app;
grant select, insert, update on subject to :app;
-- Where a person lives is not what they consented to.
grant update (area_path) on consent_record to :app;
grant update (withdrawn_at) on consent_grant to :app;
grant update (seal) on access_log to :app;
grant usage on schema consent to :readers;
grant select on active_grant to :readers;
