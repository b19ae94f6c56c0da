import type { EntityGroup, Fetch } from '../plan/steps.ts';
import { type Ask, type Asked, compileVariables } from './ask.ts';
import { objectsAt, type Path, positionsOf } from './collect.ts';
import { copyAll, copyAlong } from './copy.ts';
import { Entities } from './entities.ts';
import { MOST_ERRORS } from './errors.ts';
import { mergeInto, type Untyped } from './merge.ts';
import { type Data, isData } from './own.ts';
import type { Place } from './places.ts';
import { compileRepresent, type Representing } from './represent.ts';
import { type Change, compileRewrites, compileUndo } from './rewrite.ts';

interface Group {
  readonly variable: string;
  readonly key: string;
  readonly how: Representing;
  readonly input: Change | null;
  readonly output: Change | null;
  readonly undo: (path: Path) => Path;
}

/** Compiles a call whose text selects entities: each belongs to the objects that its representation was made of. */
export function askForEntities(fetch: Fetch, entityGroups: readonly EntityGroup[], place: Place, untyped?: Untyped): Ask {
  const variablesOf = compileVariables(fetch.variables);
  const groups = entityGroups.map(compileGroup);

  return (running) => {
    const objects = objectsAt(running, place.spot);
    if (objects.length === 0) return null;
    const variables = variablesOf(running.variables);
    const found: Entities[] = [];
    let isAsking = false;
    for (const group of groups) {
      const entities = new Entities(group.how, objects);
      const { representations } = entities;
      if (group.input) for (const made of representations) group.input(made);
      variables[group.variable] = representations;
      if (representations.length > 0) isAsking = true;
      found.push(entities);
    }
    if (!isAsking) return null;

    let positions: ReadonlyMap<Data, readonly Path[]> | undefined;
    const asked: Asked = {
      variables,
      merge(data, isShared, hasErrors) {
        let fault: string | null = null;
        let repeats = false;
        for (let i = 0; i < groups.length; i += 1) {
          const group = groups[i] as Group;
          const list = data[group.key] ?? null;
          if (list === null && hasErrors) continue;
          fault = mergeEntities(list, found[i] as Entities, group, place, isShared, untyped) ?? fault;
          if ((found[i] as Entities).other.length > 0) repeats = true;
        }
        running.changed(place, repeats);
        return fault;
      },
      locate(path) {
        const [key, index, ...rest] = path;
        const i = groups.findIndex((group) => group.key === key);
        if (i === -1 || typeof index !== 'number') return [];
        positions ??= positionsOf(running.data, place.spot, MOST_ERRORS);
        const below = (groups[i] as Group).undo(rest);
        const about = (found[i] as Entities).objectsOf(index);
        return about.flatMap((object) => positions?.get(object) ?? []).map((position) => [...position, ...below]);
      },
    };
    return asked;
  };
}

function compileGroup(group: EntityGroup): Group {
  return {
    variable: group.variable,
    key: group.key,
    how: compileRepresent(group),
    input: compileRewrites(group.input),
    output: compileRewrites(group.output),
    undo: compileUndo(group.output),
  };
}

/** Merges the entities of a group. Gives what is wrong with them, or null. */
function mergeEntities(list: unknown, entities: Entities, group: Group, place: Place, isShared: boolean, untyped?: Untyped): string | null {
  const { first, other, otherOf } = entities;
  if (first.length === 0) return null;
  if (!Array.isArray(list)) return 'the entities are no list';
  if (list.length !== first.length) return `${first.length} entities were asked for and ${list.length} came`;
  const { selected, whenShared, whenRepeated } = place;
  let all: readonly unknown[] = list;
  if (isShared && group.output) all = copyAll(list);
  else if (isShared && whenShared) all = copyAlong(list, whenShared);
  let fault: string | null = null;
  for (let i = 0; i < all.length; i += 1) {
    const entity = all[i];
    if (entity === null) continue;
    if (!isData(entity)) {
      fault = 'an entity is no object';
      continue;
    }
    const target = first[i] as Data;
    group.output?.(entity, target.__typename);
    mergeInto(target, entity, selected, untyped);
  }
  for (let i = 0; i < other.length; i += 1) {
    const entity = all[otherOf[i] as number];
    if (isData(entity)) mergeInto(other[i] as Data, whenRepeated ? copyAlong(entity, whenRepeated) : entity, selected, untyped);
  }
  return fault;
}
