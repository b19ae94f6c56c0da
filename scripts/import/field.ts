import { foldName, foldNumber, SHORTEST_NUMBER } from '@commonweal/persons/person/names.ts';
import type { Field } from './fields.ts';
import { classOf, codeClass, hazardOf, isDay, type ValueClass } from './value.ts';

/** Why a value is refused: the column it is from, what kind of value it is, and a reason; never the value. */
export interface Fault {
  readonly column: string;
  readonly class: ValueClass;
  readonly reason: string;
}

const MOST = 200;
const OLDEST = '1890-01-01';
const LATEST_PLAN = '2200-01-01';

/** Checks a value that is not empty against its field. Returns what is wrong with it, or null. `today` is YYYY-MM-DD. */
export function faultOf(field: Field, text: string, column: string, today: string): Fault | null {
  const because = (reason: string, kind = classOf(text)): Fault => ({ column, class: kind, reason });
  const hazard =
    field.type === 'phone'
      ? null
      : hazardOf(
          text,
          field.type === 'integer' || field.type === 'decimal'
            ? 40
            : ((field.type === 'name' || field.type === 'text' || field.type === 'number' ? field.most : undefined) ?? MOST),
        );
  if (hazard) return because(hazard.reason, hazard.class);
  switch (field.type) {
    case 'name':
      return foldName(text) === '' ? because('no letter in it') : null;
    case 'label':
      return /[\p{L}\p{N}]/u.test(text) ? null : because('no letter or digit in it');
    case 'number':
      return foldNumber(text).length < SHORTEST_NUMBER ? because(`fewer than ${SHORTEST_NUMBER} letters and digits`) : null;
    case 'code':
      return field.codes?.includes(text) ? null : because('unknown code', codeClass(text));
    case 'day':
      if (!isDay(text)) return because('no day that exists, YYYY-MM-DD');
      return text < OLDEST || text > LATEST_PLAN || (PAST.has(field.column) && text > today)
        ? because(PAST.has(field.column) ? 'not between 1890 and today' : 'not between 1890 and 2200')
        : null;
    case 'integer':
    case 'decimal':
      if (!(field.type === 'integer' ? /^-?\d+$/ : /^-?\d+(\.\d{1,6})?$/).test(text))
        return because(field.type === 'integer' ? 'no whole number' : 'no number');
      return Number(text) < field.least! || Number(text) > field.most! ? because(`not between ${field.least} and ${field.most}`) : null;
    case 'boolean':
      return text === 'true' || text === 'false' ? null : because('neither true nor false');
    case 'phone':
      return /^\+[1-9]\d{6,14}$/.test(text) ? null : because('no telephone number with + and country code');
    case 'email':
      return /^[^\s@,;"<>]{1,64}@[\w-]{1,63}(\.[\w-]{1,63})+$/.test(text) ? null : because('no e-mail address');
    case 'country':
      return /^[A-Z]{2}$/.test(text) ? null : because('no country code of two letters', codeClass(text));
    case 'text':
    case 'reference':
      return null;
  }
}

const PAST: ReadonlySet<string> = new Set([
  'birth_date',
  'death_date',
  'registered_at',
  'valid_from',
  'status_since',
  'score_assessed_on',
  'issued_on',
]);
