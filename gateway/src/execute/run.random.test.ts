import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { dataFor, type RandomFetch, randomFrom, randomPlan } from './plan.random.ts';
import { compileSteps, runPlan } from './run.ts';
import type { Caller, SubgraphCall } from './types.ts';

type Data = Record<string, unknown>;

/** What subgraphs answer: for the same representation always the same. */
const answerOf = ({ tree, fetch }: RandomFetch, representation: unknown) => dataFor(tree, fetch.text + JSON.stringify(representation));

/** Runs a plan in the simplest way: each object asks for itself, and nothing stands in two places. */
function simply(fetches: readonly RandomFetch[]): Data {
  const root: Data = {};
  for (const one of fetches) {
    for (const object of objects(root, one.fetch.at)) {
      const keys = one.fetch.entities?.[0]?.requires.flatMap((r) =>
        r.kind === 'fragment' ? r.selections.map((s) => (s.kind === 'field' ? s.key : '')) : [],
      );
      if (!keys) merge(object, answerOf(one, null));
      else if (object.__typename === 'T' && keys.every((key) => object[key] !== undefined)) {
        merge(object, answerOf(one, Object.fromEntries(keys.map((key) => [key, object[key]]))));
      }
    }
  }
  return root;
}

function objects(value: unknown, at: readonly string[]): Data[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((v) => objects(v, at[0] === '@' ? at.slice(1) : at));
  const [key, ...rest] = at;
  return key === undefined ? [value as Data] : objects((value as Data)[key], rest);
}

function merge(target: Data, source: Data): void {
  for (const [key, value] of Object.entries(source)) target[key] = merged(target[key], value);
}

function merged(mine: unknown, theirs: unknown): unknown {
  if (theirs === null || theirs === undefined) return mine ?? theirs;
  if (typeof mine !== 'object' || mine === null || typeof theirs !== 'object') return theirs;
  if (!Array.isArray(mine)) {
    merge(mine as Data, theirs as Data);
    return mine;
  }
  const list = theirs as unknown[];
  return mine.length === list.length ? mine.map((m, i) => merged(m, list[i])) : list;
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(Object.freeze(value))) frozen(inner);
  return value;
}

/** Answers calls, from a memory if somebody else holds the answers too: then writing to one is an error. */
function callerOf(fetches: readonly RandomFetch[], isShared: boolean, sent: SubgraphCall[]): Caller {
  return {
    key: null,
    call(call) {
      sent.push(call);
      const one = fetches.find((f) => f.fetch.text === call.query) as RandomFetch;
      const representations = call.variables.representations as unknown[] | undefined;
      const data = representations ? { _entities: representations.map((r) => answerOf(one, r)) } : answerOf(one, null);
      return Promise.resolve(isShared ? frozen({ data, shared: true }) : { data });
    },
  };
}

test('whatever is asked for once, copied or held in common, the data is what it would be if each object had asked for itself', async () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const { step, fetches } = randomPlan(randomFrom(seed));
    const expected = simply(fetches);
    const plan = compileSteps(step);
    for (const isShared of [false, true]) {
      const sent: SubgraphCall[] = [];
      const { data, errors } = await runPlan(plan, {}, callerOf(fetches, isShared, sent), new AbortController().signal);
      // Comparing by `expect` takes as long as all the rest: it is for telling the difference.
      if (errors.length > 0 || !isDeepStrictEqual(data, expected))
        expect({ seed, isShared, errors, data }).toEqual({ seed, isShared, errors: [], data: expected });
      for (const call of sent) {
        const all = ((call.variables.representations ?? []) as unknown[]).map((r) => JSON.stringify(r));
        expect({ seed, different: new Set(all).size }).toEqual({ seed, different: all.length });
      }
    }
  }
});
