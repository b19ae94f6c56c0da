import { randomUUID } from 'node:crypto';
import {
  argumentReads,
  type Context,
  entityLoader,
  type OrderBy,
  type Page,
  type PageArguments,
  page,
  type Row,
  readsOf,
  roundedCount,
} from '@commonweal/kit';
import type { Read } from '@commonweal/schema';
import { sql } from 'drizzle-orm';
import { identifierHash } from './identifiers.ts';
import { p, personEntity } from './person.entity.ts';
import { type PersonFilter, personCondition } from './person.filter.ts';

/** Disabilities are a list of two columns: one of them is read to know how many there are, when only that is asked for. */
export const wholePerson = (requested: ReadonlySet<string>): ReadonlySet<string> =>
  requested.has('disabilities') && !requested.has('disabilities.severity') ? new Set([...requested, 'disabilities.type']) : requested;

/** One person by internal id, with the fields asked for; null when absent or out of scope. */
export const findPerson = (context: Context, id: string, requested: ReadonlySet<string>): Promise<Row | null> =>
  entityLoader(context, personEntity, wholePerson(requested)).load({ id, owner: null });

/** A number that is searched for. */
export interface IdentifierArguments {
  readonly identifier: { readonly type: string; readonly value: string };
}

/**
 * The person for whom a number was given, with the fields asked for: its owner, then registrations that wait for review because of it, so that whoever took in
 * such a registration finds it like any other. Only in the rows in which the caller may look for numbers; null when absent or out of those.
 */
export async function findPersonByNumber(context: Context, args: IdentifierArguments, requested: ReadonlySet<string>): Promise<Row | null> {
  const { type, value } = args.identifier;
  const ids = await personsWithNumber(context, identifierHash(context.identifierKey, type, value));
  const among = sql`${sql.param(ids)}::uuid[]`;
  const { nodes } = await page(
    context,
    {
      name: 'Query.personByIdentifier',
      entity: personEntity,
      where: sql`${p.personId} = any (${among})`,
      order: [{ value: sql`array_position(${among}, ${p.personId})`, type: 'integer' }],
      needs: argumentReads(context, 'Query.personByIdentifier', { ...args }),
    },
    { first: 1 },
    wholePerson(requested),
  );
  return nodes[0] ?? null;
}

/**
 * Internal ids of those for whom a number was given, whether or not the caller may know of them. For the next step only, never an answer. For a number of nobody
 * an id that nobody has, so that the next step is taken too: a step less would tell, by the time that it takes, whether somebody out of reach has the number.
 */
async function personsWithNumber(context: Context, hash: Buffer): Promise<string[]> {
  context.report.searchedFor(hash);
  const [owner, waiting] = await Promise.all([
    context.db.all<{ person_id: string }>(sql`select person_id from identifier_key where value_hash = ${hash}`),
    context.db.all<{ person_id: string }>(
      sql`select person_id from registration_review where value_hash = ${hash} order by received_at, person_id limit 10`,
    ),
  ]);
  const found = [...owner, ...waiting].map((row) => row.person_id);
  return found.length > 0 ? found : [randomUUID()];
}

const ORDERS: Readonly<Record<string, readonly OrderBy[]>> = {
  SURNAME: [
    { value: sql`${p.surnameKey}`, type: 'text' },
    { value: sql`${p.givenName}`, type: 'text' },
  ],
  BIRTH_DATE: [{ value: sql`${p.birthDate}`, type: 'date' }],
  REGISTERED_AT: [{ value: sql`${p.registeredAt}`, type: 'timestamptz' }],
};

/** What the list of persons is asked with. */
export interface PersonsArguments extends PageArguments {
  readonly filter?: PersonFilter | null;
  readonly orderBy?: { readonly by: string; readonly descending?: boolean } | null;
}

const needsOf = (context: Context, args: PersonsArguments): Read[] => [
  ...readsOf(context, 'PersonFilter', args.filter ?? {}),
  ...readsOf(context, 'PersonOrder', args.orderBy ?? {}),
];

/** A page of persons. */
export const listPersons = (context: Context, args: PersonsArguments, requested: ReadonlySet<string>): Promise<Page> =>
  page(
    context,
    {
      name: 'Query.persons',
      entity: personEntity,
      where: personCondition(args.filter),
      order: args.orderBy ? ORDERS[args.orderBy.by]! : [],
      descending: args.orderBy?.descending ?? false,
      needs: needsOf(context, args),
      filter: [args.filter ?? null, args.orderBy ?? null],
    },
    args,
    wholePerson(requested),
  );

/** How many persons a filter finds, rounded. */
export const countPersons = (context: Context, args: PersonsArguments): Promise<number | null> =>
  roundedCount(context, personEntity, 'PersonConnection.totalCount', personCondition(args.filter), needsOf(context, args));
