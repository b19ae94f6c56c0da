import { sqlId } from './ids.ts';
import type { Mapping } from './mapping.ts';
import { quoted } from './refusing.ts';
import type { Session } from './session.ts';
import type { Tally } from './tally.ts';

/** Writes the places of persons in households. A place that changed is closed and another opened, so that what was can still be read. */
export async function writePlaces(session: Session, mapping: Mapping, takenOn: string, tally: Tally): Promise<void> {
  const isRoleFed = mapping.entries.some((entry) => entry.membership?.recipientRole !== undefined);
  const role = isRoleFed ? 's.recipient_role' : 'm.recipient_role';
  await session.run(
    `update in_membership set change = 'created', since = coalesce(valid_from, ${quoted(takenOn)}::date) where refused is null`,
  );
  await session.run(`
    update in_membership s set old_id = m.membership_id, old_household = m.household_id, recipient_role = ${role},
      change = case when row(m.household_id, m.relationship, m.recipient_role) is not distinct from row(s.household, s.relationship, ${role}) then 'unchanged' else 'updated' end,
      since = case when m.household_id <> s.household and s.valid_from > m.valid_from then s.valid_from else greatest(${quoted(takenOn)}::date, m.valid_from) end
    from membership m where m.person_id = s.person and m.valid_to is null and s.refused is null`);
  await session.run(
    `update in_membership s set new_id = ${sqlId("s.person || s.household::text || s.relationship || coalesce(s.recipient_role, '') || s.since")} where change in ('created', 'updated')`,
  );
  await session.run(
    `insert into affected_household select distinct old_household from in_membership where change = 'updated' on conflict do nothing`,
  );
  // The old places first: a person has one at a time, and a household one head.
  await session.run(
    `update membership m set valid_to = s.since from in_membership s where s.change = 'updated' and m.person_id = s.person and m.membership_id = s.old_id`,
  );
  await session.run(
    `update roster m set valid_to = s.since from in_membership s where s.change = 'updated' and m.household_id = s.old_household and m.membership_id = s.old_id`,
  );
  for (const [table, key] of [
    ['membership', 'person_id, membership_id'],
    ['roster', 'household_id, membership_id'],
  ]) {
    await session.run(`
      insert into ${table} (person_id, membership_id, household_id, area_path, relationship, recipient_role, valid_from)
      select person, new_id, household, area_path, relationship, recipient_role, since from in_membership where change in ('created', 'updated')
      on conflict (${key}) do update set valid_to = null`);
  }
  await session.run(
    'update person p set household_id = s.household from in_membership s where s.refused is null and p.person_id = s.person and p.household_id is distinct from s.household',
  );
  for (const change of ['created', 'updated', 'unchanged'] as const)
    tally[change] += await session.count(`select count(*) as n from in_membership where change = $1`, [change]);
}
