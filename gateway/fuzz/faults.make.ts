import type { GraphQLOutputType } from 'graphql';
import { isEnumType, isLeafType, isListType, isNonNullType, isObjectType } from 'graphql';
import type { Catalog } from './catalog.ts';
import { fieldFacts } from './catalog.ts';
import type { Fault, FieldFault, SubgraphFault } from './faults.ts';
import type { Truth, Visit } from './monolith.ts';
import type { Chance } from './random.ts';
import { ROOT } from './world.ts';

/** Makes up what goes wrong with an operation, where it will be noticed: at fields that it asks for, or at the keys and inputs behind them. */
export function makeFaults(chance: Chance, catalog: Catalog, truth: Truth): Fault[] {
  const faults: Fault[] = [];
  const visits = truth.visits.filter((v) => !v.field.startsWith('__'));
  if (visits.length === 0) return [];
  for (let count = chance.pick([1, 1, 1, 2, 2, 3, 4]); count > 0; count--) {
    const visit = chance.pick(visits);
    const roll = chance.next();
    if (roll < 0.12)
      faults.push({
        kind: chance.pick<SubgraphFault['kind']>(['down', 'nothing', 'silent', 'short', 'long']),
        subgraph: chance.pick([...catalog.subgraphs.keys()]),
      });
    else if (roll < 0.24 && visit.id !== ROOT) faults.push(entityFault(chance, catalog, visit));
    else faults.push(fieldFault(chance, catalog, visit));
  }
  return faults;
}

function entityFault(chance: Chance, catalog: Catalog, { type, id }: Visit): Fault {
  const subgraph = chance.pick([...catalog.subgraphs.keys()]);
  const kind = chance.pick<'gone' | 'lost' | 'typename'>(['gone', 'gone', 'lost', 'lost', 'typename']);
  if (kind !== 'typename') return { kind, subgraph, type, id };
  const names = Object.keys(catalog.api.getTypeMap());
  return { kind, subgraph, type, id, value: chance.pick<() => unknown>([() => 'Nope', () => chance.pick(names), () => null, () => 5])() };
}

function fieldFault(chance: Chance, catalog: Catalog, visit: Visit): FieldFault {
  const field = chance.maybe(0.15) ? anotherField(chance, catalog, visit) : visit.field;
  const { subgraphs } = fieldFacts(catalog, visit.type, field);
  const place = { subgraph: chance.pick(subgraphs), type: visit.type, id: visit.id, field };
  const kind = chance.pick<FieldFault['kind']>(['null', 'null', 'throw', 'throw', 'throw', 'pathless', 'beside', 'value', 'value']);
  if (kind !== 'value') return { kind, ...place };
  const wrong = wrongValue(chance, catalog, visit.type, field);
  return wrong ? { kind, ...place, ...wrong } : { kind: 'throw', ...place };
}

/** A field that the operation may not ask for, and that the plan may need: a key, something required. */
function anotherField(chance: Chance, catalog: Catalog, visit: Visit): string {
  const names = [...catalog.fields.keys()].filter((c) => c.startsWith(`${visit.type}.`)).map((c) => c.slice(visit.type.length + 1));
  return names.length > 0 ? chance.pick(names) : visit.field;
}

function wrongValue(chance: Chance, catalog: Catalog, typeName: string, field: string): { value: unknown; isOdd: boolean } | null {
  const object = catalog.api.getType(typeName);
  const type = isObjectType(object) ? object.getFields()[field]?.type : undefined;
  if (!type) return null;
  const inner = isNonNullType(type) ? type.ofType : type;
  if (isLeafType(inner) && chance.maybe(0.8)) {
    const value = wrongLeaf(chance, inner);
    return value === undefined ? null : { value, isOdd: false };
  }
  return { value: chance.pick<unknown>([5, 'text', true, {}, [], [null], { a: 1 }, [[5]], Number.MAX_VALUE]), isOdd: true };
}

/** A value that no server takes for one of this type. */
function wrongLeaf(chance: Chance, type: GraphQLOutputType): unknown {
  if (isListType(type) || !isLeafType(type)) return undefined;
  if (isEnumType(type)) return chance.pick<unknown>(['NOPE', 5, {}, 'constructor', true]);
  switch (type.name) {
    case 'Int':
      return chance.pick<unknown>(['text', {}, 1.5, [1]]);
    case 'Float':
      return chance.pick<unknown>(['text', {}, ['a']]);
    case 'Boolean':
      return chance.pick<unknown>(['true', {}, [true]]);
    case 'String':
      return chance.pick<unknown>([{}, ['text'], { a: 1 }]);
    case 'ID':
      return chance.pick<unknown>([{}, 1.5, true, ['id']]);
    default:
      return undefined;
  }
}
