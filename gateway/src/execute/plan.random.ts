import type { Fetch, Step } from '../plan/steps.ts';

/** Numbers from 0 to 1, always the same for one seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A selection: null for a leaf. */
export type Tree = ReadonlyMap<string, Tree | null>;

/** A fetch and what its text selects. */
export interface RandomFetch {
  readonly fetch: Fetch;
  readonly tree: Tree;
}

/** Whether a field gives lists, by its name. */
export const isList = (key: string): boolean => key === 'list' || key === 'lists';

const LEAVES = ['x', 'y'];
const OBJECTS = ['one', 'list', 'lists'];

/**
 * A plan of fetches one after another, with places that overlap in every way: one below another, two at one place, two that put objects in the same place, from the
 * same or from different objects above.
 */
export function randomPlan(random: () => number): { step: Step; fetches: RandomFetch[] } {
  const spots: { at: string[]; tree: Tree }[] = [];
  const tree = (depth: number, isTop: boolean): Tree => {
    const made = new Map<string, Tree | null>();
    if (!isTop) for (const key of ['__typename', 'id']) made.set(key, null);
    for (const key of LEAVES) if (random() < 0.3) made.set(key, null);
    for (const key of OBJECTS) if (depth > 0 && random() < (isTop ? 0.6 : 0.35)) made.set(key, tree(depth - 1, false));
    if (made.size === 0) made.set('x', null);
    return made;
  };
  const remember = (at: string[], all: Tree) => {
    for (const [key, below] of all) {
      if (!below) continue;
      const steps = [...at, key, ...(key === 'lists' ? ['@', '@'] : key === 'list' ? ['@'] : [])];
      spots.push({ at: steps, tree: below });
      remember(steps, below);
    }
  };
  const root = tree(3, true);
  remember([], root);
  const fetches = [fetchOf(root, [], null)];
  for (let i = 0; i < 5 && spots.length > 0; i += 1) {
    const spot = spots[Math.floor(random() * spots.length)];
    if (!spot) continue;
    const more = tree(2, true);
    fetches.push(fetchOf(more, spot.at, random() < 0.3 ? ['id', 'x'] : ['id']));
    remember(spot.at, more);
  }
  return { step: { kind: 'sequence', steps: fetches.map((f) => f.fetch) }, fetches };
}

function fetchOf(tree: Tree, at: string[], keys: string[] | null): RandomFetch {
  const inner = print(tree);
  const fetch: Fetch = {
    kind: 'fetch',
    subgraph: 'any',
    operation: 'query',
    text: keys ? `query($representations:[_Any!]!){_entities(representations:$representations){...on T${inner}}}` : inner,
    variables: [],
    at,
    entities: keys && [
      {
        variable: 'representations',
        key: '_entities',
        requires: [
          {
            kind: 'fragment',
            types: new Set(['T']),
            selections: ['__typename', ...keys].map((key) => ({ kind: 'field', key, selections: null })),
          },
        ],
        input: [],
        output: [],
      },
    ],
    output: [],
  };
  return { fetch, tree };
}

const print = (tree: Tree): string => `{${[...tree].map(([key, below]) => key + (below ? print(below) : '')).join(' ')}}`;

/** Data for a selection: always the same for one text, with few ids so that many objects have the same one, and contradictions between those that do. */
export function dataFor(tree: Tree, text: string): Record<string, unknown> {
  let seed = 0;
  for (const c of text) seed = (Math.imul(seed, 31) + c.charCodeAt(0)) | 0;
  const random = randomFrom(seed);
  const object = (of: Tree): Record<string, unknown> =>
    Object.fromEntries([...of].map(([key, below]) => [key, below ? value(key, below) : leaf(key)]));
  const leaf = (key: string) => {
    if (key === '__typename') return random() < 0.95 ? 'T' : 'Other';
    return random() < 0.1 ? null : Math.floor(random() * (key === 'id' ? 3 : 2));
  };
  const value = (key: string, below: Tree): unknown => {
    if (random() < 0.1) return null;
    if (!isList(key)) return object(below);
    // Lists of one length, so that two answers seldom contradict each other in it.
    const list = () => Array.from({ length: random() < 0.9 ? 2 : 1 }, () => (random() < 0.1 ? null : object(below)));
    return key === 'list' ? list() : [list(), list()];
  };
  return object(tree);
}
