-- The same rows as before: a setting compared by `=` counts for one row of two hundred with the planner, which then takes every list for a handful of rows and
-- sorts the whole table for one page. `not textne` is the same comparison, of which it thinks that two of three hold.
alter policy scope on payment using (
  person_id::text = current_setting('access.person', true)
  or (
    _ltree_isparent(array_remove(string_to_array(nullif(current_setting('access.areas', true), ''), ','), '')::ltree[], area_path)
    and (
      (not textne(current_setting('access.all_programs', true), 'on') and not sensitive)
      or program_id = any (string_to_array(nullif(current_setting('access.programs', true), ''), ',')::uuid[])
    )
    and (not textne(current_setting('access.all_providers', true), 'on') or provider_id = any (string_to_array(nullif(current_setting('access.providers', true), ''), ',')::uuid[]))
  )
);
alter policy scope on payment_event using (
  person_id::text = current_setting('access.person', true)
  or (
    _ltree_isparent(array_remove(string_to_array(nullif(current_setting('access.areas', true), ''), ','), '')::ltree[], area_path)
    and (
      (not textne(current_setting('access.all_programs', true), 'on') and not sensitive)
      or program_id = any (string_to_array(nullif(current_setting('access.programs', true), ''), ',')::uuid[])
    )
    and (not textne(current_setting('access.all_providers', true), 'on') or provider_id = any (string_to_array(nullif(current_setting('access.providers', true), ''), ',')::uuid[]))
  )
);
alter policy scope on account using (
  person_id::text = current_setting('access.person', true)
  or (
    _ltree_isparent(array_remove(string_to_array(nullif(current_setting('access.areas', true), ''), ','), '')::ltree[], area_path)
    and (not textne(current_setting('access.all_programs', true), 'on') or program_ids && string_to_array(nullif(current_setting('access.programs', true), ''), ',')::uuid[])
    and (not textne(current_setting('access.all_providers', true), 'on') or provider_id = any (string_to_array(nullif(current_setting('access.providers', true), ''), ',')::uuid[]))
  )
);
