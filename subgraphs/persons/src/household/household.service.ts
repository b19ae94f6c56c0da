import { randomUUID } from 'node:crypto';
import { type Context, type Refusal, type Written, writeOnce, writingAlternatives, writtenBy } from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { areaToWriteIn } from '../area/reach.ts';
import { invalid, refuse, textFaults, today } from '../faults.ts';
import { idOf, lockPerson, openPlace } from './places.ts';
import { recount } from './recount.ts';

/** A member to register with a household. */
export interface MemberInput {
  readonly person: string;
  readonly relationship: string;
  readonly recipientRole?: string | null;
}
/** A household to register. */
export interface RegisterHouseholdInput {
  readonly area: string;
  readonly address?: {
    readonly line1?: string | null;
    readonly locality?: string | null;
    readonly postalCode?: string | null;
    readonly landmark?: string | null;
  } | null;
  readonly members: readonly MemberInput[];
  readonly assistanceUnit?: string | null;
}

function faults(input: RegisterHouseholdInput): Refusal[] {
  const found: Refusal[] = [];
  if (input.members.length < 1 || input.members.length > 50) found.push(invalid('A household has 1 to 50 members.', 'members'));
  if (input.members.filter((m) => m.relationship === 'HEAD').length !== 1)
    found.push(invalid('Exactly one member is the head of the household.', 'members'));
  if (new Set(input.members.map((m) => m.person)).size !== input.members.length) found.push(invalid('A person is named twice.', 'members'));
  return [...found, ...textFaults({ ...input.address }, 200, 'address')];
}

/** Registers a household with persons that are registered and live in no household yet. */
export async function registerHousehold(
  context: Context,
  key: string,
  input: RegisterHouseholdInput,
): Promise<Written<{ household: string }>> {
  const alternatives = writingAlternatives(context, 'household.register', writtenBy(context, 'RegisterHouseholdInput', { ...input }));
  const found = faults(input);
  if (found.length > 0) return { done: null, refusals: found };
  const members = input.members.map((m, position) => ({
    ...m,
    id: idOf(context, 'per', m.person),
    path: ['members', String(position), 'person'],
  }));
  return writeOnce(context, 'registerHousehold', key, input, undefined, async (db) => {
    await areaToWriteIn(db, alternatives, input.area);
    for (const m of [...members].sort((a, b) => (a.id < b.id ? -1 : 1))) {
      const person = await lockPerson(context, db, alternatives, m.id, ...m.path);
      if (person.household_id !== null)
        refuse('CONFLICT', 'This person lives in a household already. Change their membership instead.', ...m.path);
    }
    const household = randomUUID();
    const head = members.find((m) => m.relationship === 'HEAD')!.id;
    await db.all(sql`insert into household (household_id, area_path, head_person_id, assistance_unit, address_line1, locality, postal_code, landmark)
      values (${household}, ${input.area}::text::ltree, ${head}, ${input.assistanceUnit ?? 'HOUSEHOLD'}, ${input.address?.line1 ?? null}, ${input.address?.locality ?? null}, ${input.address?.postalCode ?? null}, ${input.address?.landmark ?? null})`);
    for (const m of members)
      await openPlace(db, {
        person: m.id,
        household,
        area: input.area,
        relationship: m.relationship,
        role: m.recipientRole ?? null,
        from: today(),
      });
    await recount(db, household);
    context.report.gave(
      members.map((m) => m.id),
      [],
      members.length,
    );
    return { household };
  });
}
