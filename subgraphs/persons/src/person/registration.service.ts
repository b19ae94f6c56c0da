import { randomUUID } from 'node:crypto';
import {
  type Context,
  type Db,
  emit,
  isDay,
  type Refusal,
  rowSettings,
  type Written,
  writeOnce,
  writingAlternatives,
  writtenBy,
} from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { areaToWriteIn } from '../area/reach.ts';
import { EARLIEST_BIRTH, invalid, textFaults, today } from '../faults.ts';
import { identifierHash, lastFour } from './identifiers.ts';
import { foldName, foldNumber, SHORTEST_NUMBER } from './names.ts';

/** A person to register, as the graph gives it. */
export interface RegisterPersonInput {
  readonly name: { readonly surname: string; readonly given: string; readonly second?: string | null };
  readonly sex: string;
  readonly birthDate: string;
  readonly birthDateEstimated?: boolean | null;
  readonly maritalStatus?: string | null;
  readonly area: string;
  readonly address?: {
    readonly line1?: string | null;
    readonly locality?: string | null;
    readonly postalCode?: string | null;
    readonly landmark?: string | null;
  } | null;
  readonly phones?: readonly string[] | null;
  readonly identifiers?: readonly { readonly type: string; readonly value: string }[] | null;
  readonly disabilities?: readonly { readonly type: string; readonly severity: number }[] | null;
  readonly educationLevel?: number | null;
  readonly employmentStatus?: string | null;
  readonly occupation?: string | null;
}

function faults(input: RegisterPersonInput): Refusal[] {
  const found: Refusal[] = [];
  for (const part of ['surname', 'given'] as const)
    if (foldName(input.name[part]) === '') found.push(invalid('The name is empty.', 'name', part));
  found.push(...textFaults({ ...input.name }, 100, 'name'));
  if (!isDay(input.birthDate) || input.birthDate > today() || input.birthDate < EARLIEST_BIRTH)
    found.push(invalid('The day of birth must be a day between 1890 and today, YYYY-MM-DD.', 'birthDate'));
  found.push(...textFaults({ ...input.address }, 200, 'address'), ...textFaults({ occupation: input.occupation }, 100));
  if ((input.phones?.length ?? 0) > 5) found.push(invalid('At most 5 telephone numbers.', 'phones'));
  for (const [i, phone] of (input.phones ?? []).entries())
    if (!/^\+[1-9]\d{6,14}$/.test(phone))
      found.push(invalid('A telephone number starts with + and the country code, like +254712345678.', 'phones', String(i)));
  if ((input.identifiers?.length ?? 0) > 10) found.push(invalid('At most 10 numbers.', 'identifiers'));
  for (const [i, n] of (input.identifiers ?? []).entries()) {
    if (foldNumber(n.value).length < SHORTEST_NUMBER)
      found.push(invalid('A number has 4 to 64 letters and digits.', 'identifiers', String(i), 'value'));
    found.push(...textFaults({ value: n.value }, 64, 'identifiers', String(i)));
  }
  if ((input.disabilities?.length ?? 0) > 6) found.push(invalid('At most 6 disabilities.', 'disabilities'));
  for (const [i, d] of (input.disabilities ?? []).entries())
    if (d.severity < 1 || d.severity > 4) found.push(invalid('The severity is 1 to 4.', 'disabilities', String(i), 'severity'));
  if (input.educationLevel != null && (input.educationLevel < 0 || input.educationLevel > 8))
    found.push(invalid('The ISCED level is 0 to 8.', 'educationLevel'));
  return found;
}

/** What a registration leaves: the person's internal id and the receipt. */
export interface Registered extends Record<string, unknown> {
  readonly person: string;
  readonly number: string;
  readonly receivedAt: string;
}

/**
 * Registers a person. A number that is known already makes no difference to the caller: the registration is taken in and put up for review, and the
 * answer is the same as for a new one. So is what is read of the person afterwards: a state of its own would tell that somebody has the number.
 */
export async function registerPerson(context: Context, key: string, input: RegisterPersonInput): Promise<Written<Registered>> {
  const alternatives = writingAlternatives(context, 'person.register', writtenBy(context, 'RegisterPersonInput', { ...input }));
  const found = faults(input);
  if (found.length > 0) return { done: null, refusals: found };
  const person = randomUUID();
  const settings = { ...rowSettings(context.decision), 'access.person': person };
  return writeOnce<Registered>(context, 'registerPerson', key, input, settings, async (db) => {
    await areaToWriteIn(db, alternatives, input.area);
    const numbers = (input.identifiers ?? []).map((n) => ({
      type: n.type,
      value: n.value.trim(),
      last: lastFour(foldNumber(n.value)),
      hash: identifierHash(context.identifierKey, n.type, n.value).toString('hex'),
    }));
    const known = await takenNumbers(
      db,
      person,
      numbers.map((n) => n.hash),
    );
    const disabilities = input.disabilities ?? [];
    await db.all(sql`
      insert into person (person_id, area_path, surname, given_name, second_name, surname_key, sex, birth_date, birth_date_estimated, marital_status, education_level,
        employment_status, occupation, phones, address_line1, locality, postal_code, landmark, disability_types, disability_severities, status)
      values (${person}, ${input.area}::text::ltree, ${input.name.surname.trim()}, ${input.name.given.trim()}, ${input.name.second?.trim() ?? null}, ${foldName(input.name.surname)},
        ${input.sex}, ${input.birthDate}::date, ${input.birthDateEstimated ?? false}, ${input.maritalStatus ?? 'UNKNOWN'}, ${input.educationLevel ?? null}::int,
        ${input.employmentStatus ?? 'UNKNOWN'}, ${input.occupation ?? null}, ${sql.param([...(input.phones ?? [])])}::text[], ${input.address?.line1 ?? null},
        ${input.address?.locality ?? null}, ${input.address?.postalCode ?? null}, ${input.address?.landmark ?? null},
        ${sql.param(disabilities.map((d) => d.type))}::text[], ${sql.param(disabilities.map((d) => d.severity))}::smallint[], 'ACTIVE')`);
    // The same statements whether or not a number is known: how long a registration takes tells nothing.
    const column = (name: 'type' | 'value' | 'last') => sql`${sql.param(numbers.map((n) => n[name]))}::text[]`;
    await db.all(sql`
      insert into identifier (person_id, identifier_id, area_path, type, value, last_four)
      select ${person}::uuid, gen_random_uuid(), ${input.area}::text::ltree, n.type, n.value, n.last from unnest(${column('type')}, ${column('value')}, ${column('last')}) as n(type, value, last)`);
    await db.all(sql`
      insert into registration_review (person_id, review_id, area_path, value_hash)
      select ${person}::uuid, gen_random_uuid(), ${input.area}::text::ltree, decode(hash, 'hex') from unnest(${sql.param([...known])}::text[]) as hash`);
    await emit(db, 'person.registered', person, { area: input.area, household: null });
    context.report.gave([person], [], 1);
    // Not of the person's internal id, of which nobody is to know even a part.
    return { person, number: `R-${randomUUID().slice(0, 8).toUpperCase()}`, receivedAt: new Date().toISOString() };
  });
}

/**
 * Takes numbers for a person; gives the hashes of those that another has already, who keeps them. In the order of the hashes, so that two
 * registrations with the same numbers cannot wait for each other.
 */
async function takenNumbers(db: Db, person: string, hashes: readonly string[]): Promise<string[]> {
  const wanted = [...new Set(hashes)].sort();
  const fresh = await db.all<{ hash: string }>(sql`
    insert into identifier_key (value_hash, person_id) select decode(hash, 'hex'), ${person}::uuid from unnest(${sql.param(wanted)}::text[]) as hash
    on conflict do nothing returning encode(value_hash, 'hex') as hash`);
  const own = new Set(fresh.map((row) => row.hash));
  return wanted.filter((hash) => !own.has(hash));
}
