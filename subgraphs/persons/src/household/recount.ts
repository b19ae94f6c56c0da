import type { Db } from '@commonweal/kit';
import { sql } from 'drizzle-orm';

/** Brings what stands on a household's row up to date with its members: who they are, how many of which age, who is the head, and who knows of them. */
export async function recount(db: Db, household: string): Promise<void> {
  await db.all(sql`
    update household h set
      member_ids = coalesce(m.ids, '{}'), size = coalesce(m.size, 0), children = coalesce(m.children, 0), adults = coalesce(m.adults, 0), elderly = coalesce(m.elderly, 0),
      head_person_id = m.head, updated_at = now(),
      program_ids = coalesce((select array_agg(distinct x) from person p, unnest(p.program_ids) x where p.household_id = h.household_id), '{}'),
      provider_ids = coalesce((select array_agg(distinct x) from person p, unnest(p.provider_ids) x where p.household_id = h.household_id), '{}')
    from (
      select array_agg(r.person_id) as ids, count(*)::int as size, (array_agg(r.person_id) filter (where r.relationship = 'HEAD'))[1] as head,
        count(*) filter (where p.birth_date > current_date - interval '18 years')::int as children,
        count(*) filter (where p.birth_date <= current_date - interval '18 years' and p.birth_date > current_date - interval '60 years')::int as adults,
        count(*) filter (where p.birth_date <= current_date - interval '60 years')::int as elderly
      from roster r join person p on p.person_id = r.person_id where r.household_id = ${household} and r.valid_to is null
    ) m
    where h.household_id = ${household}`);
}
