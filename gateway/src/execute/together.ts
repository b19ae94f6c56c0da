import type { Fetch } from '../plan/steps.ts';
import { type Data, isData } from './own.ts';
import type { Running } from './running.ts';
import type { SubgraphCall, SubgraphError, SubgraphReply } from './types.ts';

/** Fetches of a plan that ask the same of entities at different places. What is asked for at the same moment goes in one call. */
export interface Kin {
  readonly number: number;
  /** Response key of the entities. */
  readonly key: string;
  /** Variable of the representations. */
  readonly variable: string;
}

/** Finds the fetches that can be sent together with others of their plan. */
export function kinOf(fetches: readonly Fetch[]): Map<Fetch, Kin> {
  const alike = Map.groupBy(
    fetches.filter((fetch) => fetch.entities?.length === 1 && fetch.operation === 'query'),
    (fetch) => JSON.stringify([fetch.subgraph, fetch.text, fetch.variables]),
  );
  const kin = new Map<Fetch, Kin>();
  for (const [number, group] of [...alike.values()].filter((g) => g.length > 1).entries()) {
    for (const fetch of group) {
      const entities = fetch.entities?.[0];
      if (entities) kin.set(fetch, { number, key: entities.key, variable: entities.variable });
    }
  }
  return kin;
}

/** A call that waits for others to go with. */
export interface Waiting {
  readonly call: SubgraphCall;
  resolve(reply: SubgraphReply | Promise<SubgraphReply>): void;
}

/** Sends a call together with all that are sent for its kin before the current work is done. */
export function callTogether(running: Running, kin: Kin, call: SubgraphCall): Promise<SubgraphReply> {
  return new Promise((resolve) => {
    const waiting = running.waiting[kin.number];
    if (waiting) {
      waiting.push({ call, resolve });
      return;
    }
    const all: Waiting[] = [{ call, resolve }];
    running.waiting[kin.number] = all;
    queueMicrotask(() => {
      running.waiting[kin.number] = undefined;
      if (!running.isOver) send(running, kin, all);
    });
  });
}

function send(running: Running, kin: Kin, all: readonly Waiting[]): void {
  const [first] = all;
  if (!first) return;
  const asked = all.length === 1 ? null : union(all.map(({ call }) => call.variables[kin.variable] as Data[]));
  const call = asked ? { ...first.call, variables: { ...first.call.variables, [kin.variable]: asked.representations } } : first.call;
  // A call that throws instead of rejecting fails for all of them.
  const reply = new Promise<SubgraphReply>((resolve) => resolve(running.caller.call(call, running.signal)));
  for (const [i, one] of all.entries())
    one.resolve(asked ? reply.then((r) => part(r, kin.key, asked.indices[i] ?? [], asked.representations.length)) : reply);
}

/** All representations, identical ones once, and for each call which of them are its own. */
function union(lists: readonly (readonly Data[])[]): { representations: Data[]; indices: number[][] } {
  const representations: Data[] = [];
  const known = new Map<string, number>();
  const indices = lists.map((list) =>
    list.map((representation) => {
      const text = JSON.stringify(representation);
      const index = known.get(text) ?? representations.push(representation) - 1;
      known.set(text, index);
      return index;
    }),
  );
  return { representations, indices };
}

/** What one of several calls would have been answered. */
function part(reply: SubgraphReply, key: string, indices: readonly number[], length: number): SubgraphReply {
  if (!isData(reply)) return reply;
  const { data, errors } = reply;
  const list = isData(data) ? data[key] : undefined;
  // A list of the wrong length must not be taken for one of the right length.
  const own = Array.isArray(list) ? (list.length === length ? indices.map((i): unknown => list[i]) : false) : list;
  return {
    ...reply,
    ...(isData(data) ? { data: { ...data, [key]: own } } : {}),
    ...(Array.isArray(errors) ? { errors: errors.flatMap((error) => errorFor(error as SubgraphError, key, indices)) } : {}),
    shared: true,
  };
}

/** An error as one of several calls would have had it; none when it is about an entity of another one. */
function errorFor(error: SubgraphError, key: string, indices: readonly number[]): SubgraphError[] {
  const path: unknown = isData(error) ? error.path : undefined;
  if (!Array.isArray(path) || path[0] !== key || typeof path[1] !== 'number') return [error];
  const index = indices.indexOf(path[1]);
  return index === -1 ? [] : [{ ...error, path: [key, index, ...path.slice(2)] }];
}
