import { Sharing, shareInFlight } from '../src/execute/sharing.ts';
import type { Operation } from './ask/operation.ts';
import type { Bench } from './case.ts';
import { isOdd } from './compare.faults.ts';
import type { Answer } from './gateways.ts';
import type { Scene } from './harness.ts';
import { canonical, hash } from './random.ts';
import type { Verdict } from './verdict.ts';
import { World } from './world.ts';

/**
 * Asks our engine several times at once, with calls under way shared between two requests of one caller, and a second caller with data of its own beside them;
 * and once with answers of subgraphs that cannot be written to. Each must get what it would get alone. Null when all do.
 */
export async function judgeTogether(bench: Bench, operation: Operation, scene: Scene, alone: Answer): Promise<Verdict | null> {
  const turn = hash(scene.seed) % 4;
  if (turn === 0) {
    const frozen = await bench.ours.answer(operation, bench.fake.caller(null, { ...scene, isFrozen: true }).caller);
    return isSame(frozen, alone)
      ? null
      : { kind: 'different', class: 'ours: writes to a shared answer', detail: difference(frozen, alone) };
  }
  if (turn !== 1) return null;
  const otherScene: Scene = { ...scene, world: new World(bench.catalog, `${scene.seed}/other`), faults: [] };
  const other = await bench.ours.answer(operation, bench.fake.caller(null, otherScene).caller);
  const sharing = new Sharing();
  const ask = (key: string, of: Scene) => bench.ours.answer(operation, shareInFlight(bench.fake.caller(key, of).caller, sharing));
  const [first, second, third] = await Promise.all([
    ask('one', scene),
    // Of answers that contradict each other in kind, it matters which comes first.
    ask('one', scene.faults.some(isOdd) ? scene : { ...scene, seed: `${scene.seed}/later` }),
    ask('two', otherScene),
  ]);
  for (const [answer, expected] of [
    [first, alone],
    [second, alone],
    [third, other],
  ] as const) {
    if (!isSame(answer, expected))
      return { kind: 'different', class: 'ours: differs when asked together', detail: difference(answer, expected) };
  }
  return null;
}

const isSame = (a: Answer, b: Answer): boolean => JSON.stringify(a.data) === JSON.stringify(b.data) && errorsOf(a) === errorsOf(b);

const errorsOf = (answer: Answer): string =>
  answer.errors
    .map((e) => canonical({ message: e.message, path: e.path ?? null }))
    .sort()
    .join();

const difference = (a: Answer, b: Answer): string => `${JSON.stringify(a).slice(0, 2_000)}\nalone:\n${JSON.stringify(b).slice(0, 2_000)}`;
