-- Whether persons receive from programs besides one, computed where the data lives. It looks beyond the rows of the caller, which is its
-- point, and therefore runs as the owner of the tables; what leaves is one word for each person: no program, no enrollment, no date.
-- Sensitive programs are as if they were not. A row comes for each person asked about; whether the caller may hear it is the caller's WHERE.
create function overlap_of(persons uuid[], program uuid) returns table (person_id uuid, overlap text)
language sql stable security definer set search_path = programs, public, pg_temp as $$
  select asked.id,
    case when bool_or(other.type = own.type) then 'SAME_TYPE' when count(other.program_id) > 0 then 'OTHER' else 'NONE' end
  from unnest(persons) as asked(id)
  join program own on own.program_id = overlap_of.program
  left join enrollment e on e.person_id = asked.id and e.program_id <> own.program_id and not e.sensitive and e.status in ('ENROLLED', 'SUSPENDED', 'AWAITING_RENEWAL')
  left join program other on other.program_id = e.program_id
  group by asked.id
$$;
revoke execute on function overlap_of(uuid[], uuid) from public;
grant execute on function overlap_of(uuid[], uuid) to :app;
