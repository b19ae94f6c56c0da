import type { GraphQLSchema } from 'graphql';
import { parse } from 'graphql';
import { makeOperation, type Operation } from './ask/operation.ts';
import { plainOperation } from './ask/plain.ts';
import { type Catalog, catalogOf, isContradictory } from './catalog.ts';
import { judge } from './compare.ts';
import { makeFaults } from './faults.make.ts';
import type { Fault } from './faults.ts';
import { type Gateway, ours, stock } from './gateways.ts';
import { type Scene, Subgraphs } from './harness.ts';
import { makeSubgraphs, type SubgraphSdl } from './make/make.ts';
import { askMonolith, type Truth } from './monolith.ts';
import { Chance } from './random.ts';
import { compose } from './supergraph.ts';
import { judgeTogether } from './together.ts';
import type { Compared, Heard, Verdict } from './verdict.ts';
import { World } from './world.ts';

/** All that a case depends on: it can be read, written down, cut smaller, and run again. */
export interface Case {
  readonly subgraphs: readonly SubgraphSdl[];
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Seed of the data and of the order of answers. */
  readonly seed: string;
  readonly faults: readonly Fault[];
}

/** What came of a case. */
export interface Outcome {
  readonly case: Case;
  readonly verdict: Verdict;
  readonly compared: Compared | undefined;
}

/** Changes our engine, to see whether the change is found. */
export type Spoil = (gateway: Gateway) => Gateway;

/** Operations of one supergraph, and cases of one operation: composing and planning cost much more than running. */
export const OPERATIONS = 20;
export const VARIANTS = 20;
export const CASES_EACH = OPERATIONS * VARIANTS;

/** Everything that is made once for a supergraph. */
export class Bench {
  readonly subgraphs: readonly SubgraphSdl[];
  readonly schema: GraphQLSchema;
  readonly catalog: Catalog;
  readonly fake: Subgraphs;
  readonly ours: Gateway;
  readonly stock: Gateway & { stop(): Promise<void> };

  private constructor(subgraphs: readonly SubgraphSdl[], own: ReturnType<typeof ours>, spoil: Spoil, stockGateway: Bench['stock']) {
    this.subgraphs = subgraphs;
    this.schema = own.schema;
    this.catalog = catalogOf(subgraphs, own.schema, own.whole);
    this.fake = new Subgraphs(this.catalog);
    this.ours = spoil(own);
    this.stock = stockGateway;
  }

  /** Undefined when the subgraphs do not compose. */
  static async of(subgraphs: readonly SubgraphSdl[], spoil: Spoil = (g) => g): Promise<Bench | undefined> {
    const composed = compose(subgraphs);
    if (!('sdl' in composed)) return undefined;
    const bench = new Bench(subgraphs, ours(composed.sdl), spoil, await stock(composed.sdl));
    if (!isContradictory(bench.catalog)) return bench;
    await bench.stock.stop();
    return undefined;
  }

  /** Runs a case with these subgraphs. */
  async run(item: Case, known?: { readonly operation: Operation; readonly truth: Truth; readonly world: World }): Promise<Outcome> {
    const operation = known?.operation ?? {
      text: item.query,
      document: parse(item.query, { noLocation: true }),
      variables: item.variables,
    };
    const world = known?.world ?? new World(this.catalog, item.seed);
    const truth = known?.truth ?? askMonolith(this.schema, operation.document, operation.variables, world);
    if (!truth) return { case: item, verdict: { kind: 'same', class: '' }, compared: undefined };
    const scene: Scene = { world, faults: item.faults, seed: item.seed };
    const byStock = await this.#hear(this.stock, item.faults.length > 0 ? plainOperation(operation) : operation, scene);
    const byOurs = await this.#hear(this.ours, operation, scene);
    const compared: Compared = {
      schema: this.schema,
      catalog: this.catalog,
      operation,
      faults: item.faults,
      truth,
      stock: byStock,
      ours: byOurs,
    };
    let verdict = judge(compared);
    if (verdict.kind === 'different' && item.faults.length > 0) verdict = (await this.#judgeWithout(compared, scene)) ?? verdict;
    if (verdict.kind !== 'different') verdict = (await judgeTogether(this, operation, scene, byOurs.answer)) ?? verdict;
    return { case: item, verdict, compared };
  }

  /** Whether stock is wrong about an operation and its data already without the faults: then it is nothing to compare with. */
  async #judgeWithout(compared: Compared, scene: Scene): Promise<Verdict | null> {
    const calm = { ...scene, faults: [] };
    const { operation } = compared;
    const verdict = judge({
      ...compared,
      faults: [],
      stock: await this.#hear(this.stock, plainOperation(operation), calm),
      ours: await this.#hear(this.ours, operation, calm),
    });
    return verdict.kind === 'same' || verdict.kind === 'different' ? null : { ...verdict, class: `with a fault: ${verdict.class}` };
  }

  async #hear(gateway: Gateway, operation: Operation, scene: Scene): Promise<Heard> {
    const { caller, record } = this.fake.caller(null, scene);
    const answer = await gateway.answer(operation, caller);
    return { answer, objections: record.objections, mutations: record.mutations, calls: record.calls };
  }
}

/** Finds subgraphs that compose; how many sets were thrown away for them. */
export async function benchFor(seed: string, index: number, spoil?: Spoil): Promise<{ readonly bench: Bench; readonly discarded: number }> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const bench = await Bench.of(makeSubgraphs(`${seed}/${index}/${attempt}`), spoil);
    if (bench) return { bench, discarded: attempt };
  }
  throw new Error(`no subgraphs compose for ${seed}/${index}`);
}

/** The cases of one operation of a supergraph: the first without faults. Empty when chance brings no operation that fits. */
export async function* casesOf(
  bench: Bench,
  seed: string,
  index: number,
  operationIndex: number,
  only?: number,
): AsyncGenerator<{ readonly variant: number; readonly outcome: Outcome }> {
  const name = `${seed}/${index}/${operationIndex}`;
  const operation = makeOperation(new Chance(`${name}/operation`), bench.schema);
  if (!operation) return;
  for (let variant = 0; variant < VARIANTS; variant++) {
    if (only !== undefined && variant !== 0 && variant !== only) continue;
    const item = { subgraphs: bench.subgraphs, query: operation.text, variables: operation.variables, seed: `${name}/${variant}` };
    const world = new World(bench.catalog, item.seed);
    const truth = askMonolith(bench.schema, operation.document, operation.variables, world);
    if (!truth) continue;
    const faults = variant === 0 ? [] : makeFaults(new Chance(`${item.seed}/faults`), bench.catalog, truth);
    const outcome = await bench.run({ ...item, faults }, { operation, truth, world });
    yield { variant, outcome };
    // Where nobody has the right answer without a fault, there is nothing to learn from answers with one.
    if (variant === 0 && outcome.verdict.kind !== 'same') return;
  }
}
