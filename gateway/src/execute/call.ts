import type { Fetch } from '../plan/steps.ts';
import { askForEntities } from './ask.entities.ts';
import { askForFields } from './ask.fields.ts';
import type { Asked } from './ask.ts';
import { type Path, placeOf } from './collect.ts';
import { type FailureCode, failure, failureOf, reported } from './errors.ts';
import { goneAbove, pathsBeside, pathsDown } from './gone.ts';
import type { Untyped } from './merge.ts';
import { isData } from './own.ts';
import type { Place } from './places.ts';
import type { Run, Running } from './running.ts';
import { type Selected, selectedBy } from './selected.ts';
import { callTogether, type Kin } from './together.ts';
import type { SubgraphError, SubgraphReply } from './types.ts';

/** Compiles one call to a subgraph. `number` is that of the fetch in its plan; `kin` are fetches that it can be sent together with. */
export function compileCall(fetch: Fetch, number: number, place: Place, kin: Kin | null, untyped?: Untyped): Run {
  const { subgraph, operation, text } = fetch;
  const ask = fetch.entities ? askForEntities(fetch, fetch.entities, place, untyped) : askForFields(fetch, place, untyped);

  let sent: Selected | undefined;

  function fail(running: Running, code: FailureCode, reason?: string): void {
    running.errors.add(number, failure(code, subgraph, placeOf(running.data, place.spot), reason));
  }

  function tell(running: Running, asked: Asked, data: unknown, { message, extensions, path }: SubgraphError): void {
    const add = (at: Path | undefined) =>
      running.errors.add(number, { message, ...(at ? { path: at } : {}), ...(extensions ? { extensions } : {}) });
    const positions = path && path.length > 0 && !running.errors.isFull ? asked.locate(path) : [];
    if (positions.length === 0) add(placeOf(running.data, place.spot));
    else for (const position of positions) add(position);
    const gone = positions.length > 0 ? goneAbove(data, path as Path) : null;
    if (!gone) return;
    const at = pathsDown(gone, path as Path).flatMap((p) => asked.locate(p));
    sent ??= selectedBy(text);
    if (asked.locate(gone).length === 0) add(placeOf(running.data, place.spot));
    else running.gone.push({ at, beside: pathsBeside(sent, gone, path as Path).flatMap((p) => asked.locate(p)), add });
  }

  /** Gives what is wrong with a reply, or null. */
  function merge(running: Running, asked: Asked, reply: SubgraphReply): string | null {
    const errors = isData(reply) ? reported(reply.errors) : null;
    if (!errors) return 'it is no GraphQL response';
    const data: unknown = reply.data ?? null;
    for (const error of errors) tell(running, asked, data, error);
    if (isData(data)) return asked.merge(data, reply.shared === true, errors.length > 0);
    if (data !== null) return 'data is no object';
    return errors.length === 0 ? 'there is neither data nor an error' : null;
  }

  return (running) => {
    if (running.isOver) return undefined;
    let answer: Promise<SubgraphReply>;
    let asked: Asked | null;
    try {
      asked = ask(running);
      if (!asked) {
        running.ended[number] = true;
        return undefined;
      }
      const call = { subgraph, query: text, variables: asked.variables, operation };
      answer = kin ? callTogether(running, kin, call) : running.caller.call(call, running.signal);
    } catch (error) {
      answer = Promise.reject(error);
    }
    return answer.then(
      (reply) => {
        running.ended[number] = true;
        if (running.isOver) return;
        try {
          const fault = merge(running, asked as Asked, reply);
          if (fault !== null) fail(running, 'SUBGRAPH_INVALID', fault);
        } catch (error) {
          // Such as an answer that is nested deeper than can be walked.
          fail(running, 'SUBGRAPH_INVALID', String(error));
        }
      },
      (error: unknown) => {
        running.ended[number] = true;
        if (running.isOver) return;
        const { code, reason } = failureOf(error, running.signal);
        fail(running, code, reason);
      },
    );
  };
}
