import { ApiError } from '@commonweal/schema';
import { type SQL, sql } from 'drizzle-orm';
import { areaCode, joined, opposite } from '../area/conditions.ts';
import { type HouseholdFilter, householdCondition } from '../household/household.filter.ts';
import { foldName } from './names.ts';
import { AGE_BANDS, p } from './person.entity.ts';

/** Conditions on persons, as the graph gives them. */
export interface PersonFilter {
  readonly area?: string | null;
  readonly sex?: readonly string[] | null;
  readonly ageBand?: readonly (keyof typeof AGE_BANDS)[] | null;
  readonly status?: readonly string[] | null;
  readonly surnameStartsWith?: string | null;
  readonly disabilityType?: readonly string[] | null;
  readonly incomeLevel?: readonly string[] | null;
  readonly employmentStatus?: readonly string[] | null;
  readonly household?: HouseholdFilter | null;
  readonly and?: readonly PersonFilter[] | null;
  readonly or?: readonly PersonFilter[] | null;
  readonly not?: PersonFilter | null;
}

const texts = (values: readonly string[]) => sql`${sql.param([...values])}::text[]`;
// As days, which the index and the statistics know; a day less an interval is a moment.
const born = ([from, to]: readonly [number, number]) =>
  sql`(${p.birthDate} > (current_date - make_interval(years => ${to}::int))::date and ${p.birthDate} <= (current_date - make_interval(years => ${from}::int))::date)`;
/** The SQL of a filter; undefined for none. Conditions that are null are refused: null is no value of any field here. */
export function personCondition(filter: PersonFilter | null | undefined): SQL | undefined {
  if (!filter) return undefined;
  const given = Object.entries(filter);
  if (given.some(([, v]) => v === null))
    throw new ApiError('BAD_USER_INPUT', 'A condition of a filter may not be null: leave it out.', { argument: 'filter' });
  const c: SQL[] = [];
  if (filter.area != null) c.push(sql`${p.areaPath} <@ ${areaCode(filter.area, 'filter.area')}::ltree`);
  if (filter.sex) c.push(sql`${p.sex} = any (${texts(filter.sex)})`);
  if (filter.ageBand)
    c.push(
      joined(
        filter.ageBand.map((b) => born(AGE_BANDS[b])),
        'or',
      ),
    );
  if (filter.status) c.push(sql`${p.status} = any (${texts(filter.status)})`);
  if (filter.surnameStartsWith != null) c.push(surnameStartsWith(filter.surnameStartsWith));
  if (filter.disabilityType) c.push(sql`${p.disabilityTypes} && ${texts(filter.disabilityType)}`);
  if (filter.incomeLevel) c.push(sql`${p.incomeLevel} = any (${texts(filter.incomeLevel)})`);
  if (filter.employmentStatus) c.push(sql`${p.employmentStatus} = any (${texts(filter.employmentStatus)})`);
  if (filter.household)
    c.push(
      sql`exists (select 1 from household h where h.household_id = ${p.householdId} and ${householdCondition(filter.household) ?? sql`true`})`,
    );
  if (filter.and)
    c.push(
      joined(
        filter.and.map((f) => personCondition(f) ?? sql`true`),
        'and',
      ),
    );
  if (filter.or)
    c.push(
      joined(
        filter.or.map((f) => personCondition(f) ?? sql`true`),
        'or',
      ),
    );
  if (filter.not) c.push(opposite(personCondition(filter.not) ?? sql`true`));
  return joined(c, 'and');
}

/** Names that start alike, by a range of the folded name: three letters at least, so that nobody leafs through the country. */
function surnameStartsWith(text: string): SQL {
  const folded = foldName(text);
  if (folded.length < 3)
    throw new ApiError('BAD_USER_INPUT', 'A search by name needs at least three letters.', { argument: 'filter.surnameStartsWith' });
  return sql`(${p.surnameKey} >= ${folded} and ${p.surnameKey} < ${`${folded}\u{10ffff}`})`;
}
