-- The same rows as before, said so that lists stay fast: the planner may look at no statistics for an operator of ltree under row-level security,
-- takes a row of a hundred for covered, and sorts a whole table for one page; of a function it thinks that a third is covered, and walks an index.
-- An empty area would be above all others, so it is taken out: a list of nothing but commas covers no row.
alter policy scope on payment using (
  person_id::text = current_setting('access.person', true)
  or (
    _ltree_isparent(array_remove(string_to_array(nullif(current_setting('access.areas', true), ''), ','), '')::ltree[], area_path)
    and (
      (current_setting('access.all_programs', true) = 'on' and not sensitive)
      or program_id = any (string_to_array(nullif(current_setting('access.programs', true), ''), ',')::uuid[])
    )
    and (current_setting('access.all_providers', true) = 'on' or provider_id = any (string_to_array(nullif(current_setting('access.providers', true), ''), ',')::uuid[]))
  )
);
alter policy scope on payment_event using (
  person_id::text = current_setting('access.person', true)
  or (
    _ltree_isparent(array_remove(string_to_array(nullif(current_setting('access.areas', true), ''), ','), '')::ltree[], area_path)
    and (
      (current_setting('access.all_programs', true) = 'on' and not sensitive)
      or program_id = any (string_to_array(nullif(current_setting('access.programs', true), ''), ',')::uuid[])
    )
    and (current_setting('access.all_providers', true) = 'on' or provider_id = any (string_to_array(nullif(current_setting('access.providers', true), ''), ',')::uuid[]))
  )
);
alter policy scope on account using (
  person_id::text = current_setting('access.person', true)
  or (
    _ltree_isparent(array_remove(string_to_array(nullif(current_setting('access.areas', true), ''), ','), '')::ltree[], area_path)
    and (current_setting('access.all_programs', true) = 'on' or program_ids && string_to_array(nullif(current_setting('access.programs', true), ''), ',')::uuid[])
    and (current_setting('access.all_providers', true) = 'on' or provider_id = any (string_to_array(nullif(current_setting('access.providers', true), ''), ',')::uuid[]))
  )
);
