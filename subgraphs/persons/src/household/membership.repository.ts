import { argumentReads, type Context, childList, childPage, dayOf, type Page, type PageArguments } from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { personEntity } from '../person/person.entity.ts';
import { wholePerson } from '../person/person.repository.ts';
import { membershipColumns as m, membershipEntity, rosterColumns as r, rosterEntity } from './household.entity.ts';

/** A person's places in households, newest first. */
export const membershipsOf = (context: Context, personId: string, args: PageArguments, requested: ReadonlySet<string>): Promise<Page> =>
  childPage(
    context,
    childList(context, membershipEntity, 'Person.memberships', {
      order: [{ value: sql`${m.validFrom}`, type: 'date' }],
      orderedBy: 'Membership.validFrom',
      descending: true,
    }),
    sql`${m.personId}`,
    personId,
    args,
    requested,
  );

/** Members of a household on a day (today when null): who had come and had not left. `person` is what is asked for of each, to be read along. */
export function membersOf(
  context: Context,
  householdId: string,
  args: PageArguments & { asOf?: string | null },
  requested: ReadonlySet<string>,
  person: ReadonlySet<string> | null,
): Promise<Page> {
  if (args.asOf != null) dayOf(args.asOf, 'asOf');
  const joined = person ? [{ field: 'person', entity: personEntity, requested: wholePerson(person) }] : [];
  const where =
    args.asOf == null
      ? sql`${r.validTo} is null`
      : sql`${r.validFrom} <= ${args.asOf}::date and (${r.validTo} is null or ${r.validTo} > ${args.asOf}::date)`;
  return childPage(
    context,
    childList(context, rosterEntity, 'Household.members', {
      reads: argumentReads(context, 'Household.members', { asOf: args.asOf }),
      where,
      filter: args.asOf ?? null,
      standard: 50,
      joined,
    }),
    sql`${r.householdId}`,
    householdId,
    args,
    requested,
  );
}
