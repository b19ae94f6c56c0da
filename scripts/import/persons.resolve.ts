import { refuseDeadBeforeBorn, settleDeaths } from './deaths.ts';
import { type Mapping, rootPath } from './mapping.ts';
import { quoted, refuse, refuseRepeated } from './refusing.ts';
import type { Session } from './session.ts';
import { STAGES } from './staging.ts';
import type { Tallies } from './tally.ts';

const KEY_AGAIN = { column: '', class: 'text', reason: 'the key is that of an earlier row' };
const DEEPEST = 8;

/** Looks at the staged rows of the persons registry together and with what is there: resolves references and areas, refuses what does not fit. */
export async function resolvePersons(session: Session, mapping: Mapping, tallies: Tallies): Promise<void> {
  const root = mapping.root ? rootPath(mapping.root) : null;
  if (root !== null) await resolveAreas(session, root);
  // Below an area of ours the other system's levels would be a second set of counties in the same country.
  if (mapping.root?.under !== undefined) await session.run(`update in_area set level = 'LOCALITY'`);
  await resolveHouseholds(session, mapping, root, tallies);
  await refuseRepeated(session, STAGES.persons, ['id'], 'true', KEY_AGAIN);
  await refuseDeadBeforeBorn(session);
  await settleDeaths(session, mapping);
  await refuseWithPerson(session);
  await resolveMemberships(session);
  await placePersons(session, root);
  await refuseWithPerson(session);
  await refuseSecondHeads(session);
  await refuseRepeated(session, STAGES.identifiers, ['person', 'value_hash'], 'true', {
    column: 'value',
    class: 'text',
    reason: 'the same number again',
  });
  await session.run('update in_identifier s set area_path = p.area_path from in_person p where p.id = s.person and p.refused is null');
}

async function resolveAreas(session: Session, root: string): Promise<void> {
  await refuseRepeated(session, STAGES.areas, ['id'], 'true', KEY_AGAIN);
  await refuseRepeated(session, STAGES.areas, ["coalesce(parent::text, '')", 'label'], 'true', {
    column: 'code',
    class: 'text',
    reason: 'the code is that of an earlier area at the same place',
  });
  await session.run(
    `with recursive tree as (
      select id, text2ltree($1::text) || label as path from in_area where refused is null and parent is null
      union all
      select a.id, t.path || a.label from in_area a join tree t on a.parent = t.id where a.refused is null and nlevel(t.path) < ${DEEPEST}
    ) update in_area s set path = tree.path from tree where tree.id = s.id and s.refused is null`,
    [root],
  );
  await refuse(session, STAGES.areas, 's.path is null', {
    column: 'parent',
    class: 'text',
    reason: 'the area above it is not among those of this import',
  });
}

/** Gives the rows of a stage their areas, set by set: `better` comes before the area that the row names, the root after it. */
async function placeRows(
  session: Session,
  stage: 'households' | 'persons',
  root: string | null,
  better: { path: string; join: string } | null,
): Promise<void> {
  const { table } = STAGES[stage];
  const fallback = root === null ? 'null' : `case when s.area is null and s.area_code is null then text2ltree(${quoted(root)}) end`;
  await session.run(`
    update ${table} t set area_path = coalesce(${better ? `${better.path}, ` : ''}i.path, a.path, ${fallback})
    from ${table} s left join in_area i on i.id = s.area and i.refused is null left join area a on a.path::text = s.area_code ${better?.join ?? ''}
    where t.ctid = s.ctid and t.refused is null`);
  await session.run(`analyze ${table}`);
}

async function refuseWithoutArea(session: Session, stage: 'households' | 'persons'): Promise<void> {
  await refuse(session, STAGES[stage], 's.area_path is null and s.area is not null', {
    column: 'area',
    class: 'text',
    reason: 'the area is not among those of this import',
  });
  await refuse(session, STAGES[stage], 's.area_path is null and s.area_code is not null', {
    column: 'areaCode',
    class: 'text',
    reason: 'there is no such area here',
  });
  await refuse(session, STAGES[stage], 's.area_path is null', { column: 'area', class: 'empty', reason: 'no area is known' });
}

async function resolveHouseholds(session: Session, mapping: Mapping, root: string | null, tallies: Tallies): Promise<void> {
  if (mapping.entries.some((entry) => entry.target === 'households' && entry.repeats)) {
    const repeated = await session.count(`
      with first as (select ctid as place, row_number() over (partition by id order by file, line) as position from in_household),
      gone as (delete from in_household s using first where first.place = s.ctid and first.position > 1 returning 1)
      select count(*) as n from gone`);
    if (repeated > 0) tallies.households.passedOver['told by an earlier row'] = repeated;
  }
  await refuseRepeated(session, STAGES.households, ['id'], 'true', KEY_AGAIN);
  await placeRows(session, 'households', root, null);
  await refuseWithoutArea(session, 'households');
}

async function resolveMemberships(session: Session): Promise<void> {
  await session.run(`
    update in_membership s set area_path = coalesce(i.area_path, h.area_path)
    from (select distinct household as id from in_membership) asked
    left join in_household i on i.id = asked.id and i.refused is null left join household h on h.household_id = asked.id
    where s.household = asked.id and s.refused is null`);
  await refuse(session, STAGES.memberships, 's.area_path is null', {
    column: 'household',
    class: 'text',
    reason: 'there is no such household in this import, nor was there in an earlier one',
  });
  await session.run('analyze in_membership');
}

// Who lives in a household is where the household is; else the person's own area counts, and at last the root.
async function placePersons(session: Session, root: string | null): Promise<void> {
  await placeRows(session, 'persons', root, {
    path: 'm.area_path, p.area_path',
    join: `left join in_membership m on m.person = s.id and m.file = s.file and m.line = s.line and m.refused is null
      left join person p on p.person_id = s.id and p.household_id is not null`,
  });
  await refuseWithoutArea(session, 'persons');
}

async function refuseWithPerson(session: Session): Promise<void> {
  for (const stage of [STAGES.memberships, STAGES.identifiers]) {
    await refuse(
      session,
      stage,
      'exists (select 1 from in_person p where p.file = s.file and p.line = s.line and p.id = s.person and p.refused is not null)',
      { column: '', class: 'row', reason: 'its person is refused' },
    );
  }
}

async function refuseSecondHeads(session: Session): Promise<void> {
  await refuseRepeated(session, STAGES.memberships, ['household'], "relationship = 'HEAD'", {
    column: 'relationship',
    class: 'code "HEAD"',
    reason: 'the household has another head',
  });
  await refuse(
    session,
    STAGES.memberships,
    `s.relationship = 'HEAD' and exists (
      select 1 from roster r where r.household_id = s.household and r.relationship = 'HEAD' and r.valid_to is null and r.person_id <> s.person
      and not exists (select 1 from in_membership o where o.person = r.person_id and o.refused is null and (o.household <> r.household_id or o.relationship <> 'HEAD')))`,
    { column: 'relationship', class: 'code "HEAD"', reason: 'the household has another head in the registry' },
  );
}
