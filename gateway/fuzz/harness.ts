import type { Caller, SubgraphCall, SubgraphReply } from '../src/execute/types.ts';
import type { Catalog } from './catalog.ts';
import { type Fault, Faults } from './faults.ts';
import { callerOf } from './gateways.ts';
import { hash } from './random.ts';
import { FakeSubgraph } from './subgraph.ts';
import type { World } from './world.ts';

/** What a gateway did while answering. */
export interface Recorded {
  readonly calls: SubgraphCall[];
  readonly objections: string[];
  /** Root fields of mutations, in the order in which they were asked for. */
  readonly mutations: string[];
}

/** How subgraphs answer one caller. */
export interface Scene {
  readonly world: World;
  readonly faults: readonly Fault[];
  /** Seed of the delays. */
  readonly seed: string;
  /** Answers are given out as shared, and nothing of them can be written to. */
  readonly isFrozen?: boolean;
}

/** The subgraphs of a supergraph, in the process. */
export class Subgraphs {
  readonly #byName: ReadonlyMap<string, FakeSubgraph>;

  constructor(catalog: Catalog) {
    this.#byName = new Map(catalog.subgraphs.entries().map(([name, facts]) => [name, new FakeSubgraph(facts)]));
  }

  /** A way to the subgraphs, and a record of what is asked on it. */
  caller(key: string | null, scene: Scene): { readonly caller: Caller; readonly record: Recorded } {
    const record: Recorded = { calls: [], objections: [], mutations: [] };
    const faults = new Faults(scene.faults);
    const call = async (asked: SubgraphCall): Promise<SubgraphReply> => {
      record.calls.push(asked);
      // Which answer comes first depends on the seed.
      for (let turns = hash(`${scene.seed}|${asked.subgraph}|${withoutName(asked.query)}`) % 4; turns > 0; turns--) await nextTurn();
      const subgraph = this.#byName.get(asked.subgraph);
      if (!subgraph) throw new Error(`there is no subgraph ${asked.subgraph}`);
      const variables = JSON.parse(JSON.stringify(asked.variables)) as Record<string, unknown>;
      const reply = subgraph.answer({ ...asked, variables }, scene.world, faults, {
        objection: (text) => void record.objections.push(text),
        mutation: (field) => void record.mutations.push(field),
      });
      return scene.isFrozen ? deepFrozen({ ...reply, shared: true }) : reply;
    };
    return { caller: callerOf(key, call), record };
  }
}

/** The text of an operation without its name, which stock gives and ours does not. */
export const withoutName = (query: string): string => query.replace(/^(query|mutation) \w+/, '$1').replace(/^query\{/, '{');

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

function deepFrozen<T>(value: T): T {
  if (value !== null && typeof value === 'object') {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFrozen(inner);
  }
  return value;
}
