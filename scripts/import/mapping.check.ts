import { type Fields, IDENTIFIER_FIELDS, MEMBERSHIP_FIELDS, TARGET_FIELDS } from './fields.ts';
import { DATE_FORMATS, TARGETS, type Target } from './mapping.ts';
import { meant } from './nearest.ts';

type Json = Readonly<Record<string, unknown>>;
const MAPPING = ['name', 'about', 'source', 'root', 'delimiter', 'entries'];
const ENTRY = ['file', 'target', 'lookup', 'key', 'repeats', 'passOver', 'join', 'fields', 'identifiers', 'membership'];
const VALUE = ['column', 'concat', 'separator', 'constant', 'firstOf', 'steps', 'codes', 'unknown', 'default', 'onInvalid'];
const SOURCES = ['column', 'concat', 'constant', 'firstOf'];
const STEPS = ['trim', 'upper', 'lower', 'number', 'boolean'];

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.length > 0 && value.every(isText);

/** What is wrong with a mapping, a sentence each with the place in the file; nothing when it can be used. */
export function mappingFaults(mapping: unknown): string[] {
  const faults: string[] = [];
  const say = (place: string, fault: string) => void faults.push(`${place}: ${fault}`);
  if (!isObject(mapping)) return ['The file is no JSON object.'];
  unknownKeys(mapping, MAPPING, 'mapping', say);
  for (const key of ['name', 'about', 'source']) if (!isText(mapping[key])) say(key, 'must be a text.');
  if (isText(mapping.name) && !/^[\w-]{1,40}$/.test(mapping.name))
    say('name', 'must be letters, digits, - and _ only; the report is called after it.');
  if (isText(mapping.source) && !/^[\w.-]{1,60}$/.test(mapping.source)) say('source', 'must be letters, digits, . - and _ only.');
  if (mapping.delimiter !== undefined && (!isText(mapping.delimiter) || mapping.delimiter.length !== 1))
    say('delimiter', 'must be one character.');
  if (
    mapping.root !== undefined &&
    (!isObject(mapping.root) || !/^\w{1,32}$/.test(String(mapping.root.code)) || !isText(mapping.root.name))
  ) {
    say('root', 'must have a code (letters, digits and _) and a name.');
  }
  const entries = Array.isArray(mapping.entries) ? mapping.entries : [];
  if (entries.length === 0) say('entries', 'must be a list with at least one entry.');
  const lookups = entries.flatMap((entry) => (isObject(entry) && isText(entry.lookup) ? [entry.lookup] : []));
  for (const [i, entry] of entries.entries()) {
    if (isObject(entry)) entryFaults(entry, `entries[${i}]`, lookups, mapping.root !== undefined, say);
    else say(`entries[${i}]`, 'must be an object.');
  }
  for (const target of TARGETS) {
    const fed = entries
      .filter((entry) => isObject(entry) && entry.target === target)
      .map((entry) =>
        Object.keys(isObject(entry.fields) ? entry.fields : {})
          .sort()
          .join(', '),
      );
    // What a file does not tell would be wiped out by rows of the other.
    if (new Set(fed).size > 1) say('entries', `all entries of ${target} must feed the same fields.`);
  }
  return faults;
}

type Say = (place: string, fault: string) => void;

function unknownKeys(object: Json, known: readonly string[], place: string, say: Say): void {
  for (const key of Object.keys(object)) if (!known.includes(key)) say(place, `"${key}" means nothing here.${meant(key, known)}`);
}

function entryFaults(entry: Json, place: string, lookups: readonly string[], hasRoot: boolean, say: Say): void {
  unknownKeys(entry, ENTRY, place, say);
  if (!isText(entry.file)) say(`${place}.file`, 'must be the name of a file, with * for any characters.');
  if (!isTexts(entry.key)) say(`${place}.key`, 'must be a list of the columns that name a row in the source.');
  if (isText(entry.target) === isText(entry.lookup)) say(place, 'must have either a target or the name of a lookup.');
  for (const [i, condition] of (Array.isArray(entry.passOver) ? entry.passOver : []).entries()) {
    const at = `${place}.passOver[${i}]`;
    if (!isObject(condition) || !isText(condition.column) || !isText(condition.reason)) say(at, 'must have a column and a reason.');
    else if (condition.is !== 'empty' && condition.is !== 'not empty' && !isTexts(condition.is))
      say(`${at}.is`, 'must be "empty", "not empty" or a list of values.');
  }
  const joins = isObject(entry.join) ? entry.join : {};
  for (const [name, column] of Object.entries(joins)) {
    if (!lookups.includes(name)) say(`${place}.join`, `there is no lookup "${name}".${meant(name, lookups)}`);
    if (!isText(column)) say(`${place}.join.${name}`, 'must be the column that holds the key of the lookup.');
  }
  if (!isText(entry.target)) return;
  if (!(TARGETS as readonly string[]).includes(entry.target)) {
    say(`${place}.target`, `there is no target "${entry.target}".${meant(entry.target, TARGETS)} There are: ${TARGETS.join(', ')}.`);
    return;
  }
  const target = entry.target as Target;
  fieldFaults(entry.fields, TARGET_FIELDS[target], `${place}.fields`, say);
  if (target !== 'persons' && (entry.identifiers !== undefined || entry.membership !== undefined))
    say(place, 'only persons have identifiers and a membership.');
  for (const [i, fields] of (Array.isArray(entry.identifiers) ? entry.identifiers : []).entries()) {
    fieldFaults(fields, IDENTIFIER_FIELDS, `${place}.identifiers[${i}]`, say);
    if (isObject(fields) && fields.value === undefined) say(`${place}.identifiers[${i}]`, 'must have a value.');
  }
  if (entry.membership !== undefined) {
    fieldFaults(entry.membership, MEMBERSHIP_FIELDS, `${place}.membership`, say);
    if (isObject(entry.membership) && entry.membership.household === undefined) say(`${place}.membership`, 'must have a household.');
  }
  placeFaults(target, isObject(entry.fields) ? entry.fields : {}, place, hasRoot, say);
}

function placeFaults(target: Target, fields: Json, place: string, hasRoot: boolean, say: Say): void {
  const hasPlace = fields.area !== undefined || fields.areaCode !== undefined;
  if (target === 'areas' && !hasRoot) say(place, 'areas need the root of the mapping, under which they are put.');
  if ((target === 'households' || target === 'persons') && !hasPlace && !hasRoot)
    say(place, `${target} need an area, an areaCode or the root of the mapping.`);
  if (target === 'enrollments' && (fields.person === undefined) === (fields.household === undefined))
    say(place, 'enrollments need either a person or a household.');
  if (target === 'enrollments' && (fields.program === undefined) === (fields.programCode === undefined))
    say(place, 'enrollments need either a program or a programCode.');
}

function fieldFaults(given: unknown, fields: Fields, place: string, say: Say): void {
  if (!isObject(given)) {
    say(place, 'must be an object of fields.');
    return;
  }
  const names = Object.keys(fields);
  for (const [name, value] of Object.entries(given)) {
    const field = fields[name];
    if (!field) say(place, `there is no field "${name}".${meant(name, names)} There are: ${names.join(', ')}.`);
    else {
      valueFaults(value, field.type === 'code' ? field.codes : undefined, `${place}.${name}`, say);
      if (field.required && isObject(value) && value.onInvalid === 'empty')
        say(`${place}.${name}.onInvalid`, 'this field is required, so a wrong value cannot be left empty.');
    }
  }
  for (const name of names) if (fields[name]!.required && given[name] === undefined) say(place, `the field "${name}" is required.`);
}

function valueFaults(value: unknown, ours: readonly string[] | undefined, place: string, say: Say): void {
  if (!isObject(value)) {
    say(place, 'must be an object with a column, concat, constant or firstOf.');
    return;
  }
  unknownKeys(value, VALUE, place, say);
  if (SOURCES.filter((source) => value[source] !== undefined).length !== 1) say(place, `must have exactly one of ${SOURCES.join(', ')}.`);
  if (value.column !== undefined && !isText(value.column)) say(`${place}.column`, 'must be the name of a column.');
  if (value.concat !== undefined && !isTexts(value.concat)) say(`${place}.concat`, 'must be a list of columns.');
  for (const [i, one] of (Array.isArray(value.firstOf) ? value.firstOf : []).entries())
    valueFaults(one, ours, `${place}.firstOf[${i}]`, say);
  for (const [i, step] of (Array.isArray(value.steps) ? value.steps : []).entries())
    if (!isStep(step))
      say(
        `${place}.steps[${i}]`,
        `must be one of ${STEPS.join(', ')}, {"date": ...} or {"prefix": ...}. Date formats: ${DATE_FORMATS.join(', ')}.`,
      );
  if (value.onInvalid !== undefined && value.onInvalid !== 'refuse' && value.onInvalid !== 'empty')
    say(`${place}.onInvalid`, 'must be "refuse" or "empty".');
  if (value.codes !== undefined && !isObject(value.codes)) {
    say(`${place}.codes`, "must be an object of the source's codes and ours.");
    return;
  }
  if (!ours) return;
  const given = [...Object.values(isObject(value.codes) ? value.codes : {}), value.unknown, value.default, value.constant].filter(
    (x) => x !== undefined && x !== '',
  );
  for (const code of given)
    if (!ours.includes(String(code)))
      say(place, `"${String(code)}" is no code of ours.${meant(String(code), ours)} There are: ${ours.join(', ')}.`);
}

function isStep(step: unknown): boolean {
  if (typeof step === 'string') return STEPS.includes(step);
  if (!isObject(step) || Object.keys(step).length !== 1) return false;
  return isText(step.prefix) || (DATE_FORMATS as readonly unknown[]).includes(step.date);
}
