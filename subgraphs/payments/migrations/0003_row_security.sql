-- The backstop behind the decision: the settings of the transaction say who may be seen; missing or empty means nobody.
alter table payment enable row level security;
alter table payment force row level security;
create policy owner_all on payment to :migrator using (true) with check (true);
create policy scope on payment to :app using (
  person_id::text = current_setting('access.person', true)
  or (
    area_path <@ any (string_to_array(nullif(current_setting('access.areas', true), ''), ',')::ltree[])
    and (
      (current_setting('access.all_programs', true) = 'on' and not sensitive)
      or program_id = any (string_to_array(nullif(current_setting('access.programs', true), ''), ',')::uuid[])
    )
    and (current_setting('access.all_providers', true) = 'on' or provider_id = any (string_to_array(nullif(current_setting('access.providers', true), ''), ',')::uuid[]))
  )
);
alter table payment_event enable row level security;
alter table payment_event force row level security;
create policy owner_all on payment_event to :migrator using (true) with check (true);
create policy scope on payment_event to :app using (
  person_id::text = current_setting('access.person', true)
  or (
    area_path <@ any (string_to_array(nullif(current_setting('access.areas', true), ''), ',')::ltree[])
    and (
      (current_setting('access.all_programs', true) = 'on' and not sensitive)
      or program_id = any (string_to_array(nullif(current_setting('access.programs', true), ''), ',')::uuid[])
    )
    and (current_setting('access.all_providers', true) = 'on' or provider_id = any (string_to_array(nullif(current_setting('access.providers', true), ''), ',')::uuid[]))
  )
);
alter table account enable row level security;
alter table account force row level security;
create policy owner_all on account to :migrator using (true) with check (true);
create policy scope on account to :app using (
  person_id::text = current_setting('access.person', true)
  or (
    area_path <@ any (string_to_array(nullif(current_setting('access.areas', true), ''), ',')::ltree[])
    and (current_setting('access.all_programs', true) = 'on' or program_ids && string_to_array(nullif(current_setting('access.programs', true), ''), ',')::uuid[])
    and (current_setting('access.all_providers', true) = 'on' or provider_id = any (string_to_array(nullif(current_setting('access.providers', true), ''), ',')::uuid[]))
  )
);
grant select on provider to :app;
grant select, insert, update on payment, account to :app;
grant select, insert on payment_event to :app;
grant update (area_path) on payment_event to :app;
