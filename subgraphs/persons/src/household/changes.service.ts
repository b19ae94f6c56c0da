import { type Context, type Db, emit, isDay, type Refusal, type Written, writeOnce, writingAlternatives, writtenBy } from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { invalid, refuse, today } from '../faults.ts';
import { closePlace, idOf, lockHouseholds, lockPerson, openPlace, personInReach } from './places.ts';
import { recount } from './recount.ts';

/** A change of a person's place. */
export interface ChangeMembershipInput {
  readonly person: string;
  readonly household?: string | null;
  readonly relationship?: string | null;
  readonly recipientRole?: string | null;
  readonly validFrom: string;
}

interface Place {
  readonly membership_id: string;
  readonly household_id: string;
  readonly relationship: string;
  readonly valid_from: string;
  readonly valid_to: string | null;
}
interface Head {
  readonly membership_id: string;
  readonly person_id: string;
  readonly recipient_role: string | null;
  readonly valid_from: string;
}

function faults(input: ChangeMembershipInput): Refusal[] {
  const found: Refusal[] = [];
  if (!isDay(input.validFrom) || input.validFrom > today())
    found.push(invalid('validFrom must be a day that is not in the future.', 'validFrom'));
  if (input.household != null && input.relationship == null)
    found.push(invalid('With a household the relationship to its head is needed.', 'relationship'));
  return found;
}

/** Moves a person into a household, changes their place in it, or lets them leave. The place before is closed, never overwritten. */
export async function changeMembership(
  context: Context,
  key: string,
  input: ChangeMembershipInput,
): Promise<Written<{ person: string; membership: string | null }>> {
  const alternatives = writingAlternatives(context, 'membership.change', writtenBy(context, 'ChangeMembershipInput', { ...input }));
  const found = faults(input);
  if (found.length > 0) return { done: null, refusals: found };
  const id = idOf(context, 'per', input.person);
  const target = input.household == null ? null : idOf(context, 'hh', input.household);
  const day = input.validFrom;
  return writeOnce(context, 'changeMembership', key, input, undefined, async (db) => {
    const seen = await personInReach(context, db, alternatives, id, 'person');
    const areas = await lockHouseholds(context, db, alternatives, [seen.household_id, target]);
    const area =
      target === null
        ? null
        : (areas.get(target) ?? refuse('NOT_AVAILABLE', 'There is no such household, or none that you may change.', 'household'));
    const person = await lockPerson(context, db, alternatives, id, 'person');
    if (person.household_id !== seen.household_id)
      refuse('CONFLICT', 'Somebody else changed the place of this person just now. Look again.', 'person');

    const before = await placeBefore(db, id, day);
    if (target === null && before === null) refuse('NOT_ALLOWED_NOW', 'This person lives in no household.', 'person');
    const head = target === null ? null : await headOf(db, target);
    await keepsItsHead(db, id, before, target);
    if (target !== null && input.relationship !== 'HEAD' && (head === null || head.person_id === id)) {
      refuse('NOT_ALLOWED_NOW', 'The household would have no head. Make somebody the head first.', 'relationship');
    }
    if (before) await closePlace(db, { membership_id: before.membership_id, person: id, household: before.household_id }, day);
    let membership: string | null = null;
    if (target !== null && area !== null) {
      if (head !== null && head.person_id !== id && input.relationship === 'HEAD')
        await stepDown(db, head, { household: target, area, day });
      membership = await openPlace(db, {
        person: id,
        household: target,
        area,
        relationship: input.relationship!,
        role: input.recipientRole ?? null,
        from: day,
      });
      await recount(db, target);
    } else {
      await db.all(sql`update person set household_id = null, updated_at = now() where person_id = ${id}`);
      await emit(db, 'person.moved', id, { area: person.area, household: null });
    }
    if (before && before.household_id !== target) await recount(db, before.household_id);
    context.report.gave([id], [], 1);
    return { person: id, membership };
  });
}

/** The place that a person has now, if any. Refuses a day on which an earlier or the present place was already held. */
async function placeBefore(db: Db, person: string, day: string): Promise<Place | null> {
  const places = await db.all<Place>(
    sql`select membership_id, household_id, relationship, valid_from, valid_to from membership where person_id = ${person}`,
  );
  if (places.some((p) => day < (p.valid_to ?? p.valid_from)))
    refuse('NOT_ALLOWED_NOW', 'On that day the person had another place already. History is not rewritten.', 'validFrom');
  return places.find((p) => p.valid_to === null) ?? null;
}

async function keepsItsHead(db: Db, person: string, before: Place | null, target: string | null): Promise<void> {
  if (before?.relationship !== 'HEAD' || before.household_id === target) return;
  const others = await db.all(
    sql`select 1 from roster where household_id = ${before.household_id} and valid_to is null and person_id <> ${person} limit 1`,
  );
  if (others.length > 0)
    refuse('NOT_ALLOWED_NOW', 'The head cannot leave while others live there. Make somebody else the head first.', 'person');
}

async function headOf(db: Db, household: string): Promise<Head | null> {
  const [head] = await db.all<Head>(
    sql`select membership_id, person_id, recipient_role, valid_from from roster where household_id = ${household} and relationship = 'HEAD' and valid_to is null`,
  );
  return head ?? null;
}

/** The head so far becomes another relative from that day on: a household has one head at a time. */
async function stepDown(db: Db, head: Head, { household, area, day }: { household: string; area: string; day: string }): Promise<void> {
  if (day < head.valid_from) refuse('NOT_ALLOWED_NOW', 'The head of the household became so after that day.', 'validFrom');
  await closePlace(db, { membership_id: head.membership_id, person: head.person_id, household }, day);
  await openPlace(db, { person: head.person_id, household, area, relationship: 'OTHER', role: head.recipient_role, from: day });
}
