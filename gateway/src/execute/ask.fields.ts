import type { Fetch } from '../plan/steps.ts';
import { type Ask, compileVariables } from './ask.ts';
import { objectsAt, type Path, positionsOf } from './collect.ts';
import { copyAll, copyAlong } from './copy.ts';
import { MOST_ERRORS } from './errors.ts';
import { mergeInto, type Untyped } from './merge.ts';
import type { Data } from './own.ts';
import type { Place } from './places.ts';
import { compileRewrites, compileUndo } from './rewrite.ts';

/** Compiles a call whose text selects from a root type: the answer belongs to the root, or to every object at a place. */
export function askForFields(fetch: Fetch, place: Place, untyped?: Untyped): Ask {
  const variablesOf = compileVariables(fetch.variables);
  const rewrite = compileRewrites(fetch.output);
  const undo = compileUndo(fetch.output);
  const { spot, selected, whenShared, whenRepeated } = place;

  return (running) => {
    const targets = objectsAt(running, spot);
    if (targets.length === 0) return null;
    let positions: readonly Path[] | undefined;
    return {
      variables: variablesOf(running.variables),
      merge(data, isShared) {
        let own = data;
        if (isShared && rewrite) own = copyAll(data);
        else if (isShared && whenShared) own = copyAlong(data, whenShared);
        rewrite?.(own);
        for (let i = 0; i < targets.length; i += 1)
          mergeInto(targets[i] as Data, i > 0 && whenRepeated ? copyAlong(own, whenRepeated) : own, selected, untyped);
        if (!spot.above) running.hasData = true;
        running.changed(place, targets.length > 1);
        return null;
      },
      locate(path) {
        positions ??= [...positionsOf(running.data, spot, MOST_ERRORS).values()].flat();
        const rest = undo(path);
        return positions.map((position) => [...position, ...rest]);
      },
    };
  };
}
