import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Watch } from './watch.ts';

interface State {
  readonly epoch: number;
}
const SETTINGS = { everyMs: 250, staleAfterMs: 5000 };
let watch: Watch<State>;
/** What the watch asked for, each with the epoch that it knew, and how it is answered. */
let questions: { readonly known: number | null; readonly answer: (state: State | null) => void; readonly fail: () => void }[];
let logged: string[];
/** Lets everything run that was settled. */
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  questions = [];
  logged = [];
  const log = { info: (_: unknown, text: string) => logged.push(text), error: (_: unknown, text: string) => logged.push(text) };
  const read = (known: number | null) =>
    new Promise<State | null>((resolve, reject) => {
      questions.push({ known, answer: resolve, fail: () => reject(new Error('no')) });
    });
  watch = new Watch('the policies', read, SETTINGS, log as never);
});
afterEach(() => {
  watch.stop();
  vi.useRealTimers();
});

describe('a watch', () => {
  it('asks again and again, with the epoch that it knows, until it is stopped', async () => {
    const started = watch.start();
    questions[0]!.answer({ epoch: 7 });
    await started;
    await vi.advanceTimersByTimeAsync(250);
    questions[1]!.answer(null);
    await vi.advanceTimersByTimeAsync(250);
    expect(questions.map((q) => q.known)).toEqual([null, 7, 7]);
    questions[2]!.answer({ epoch: 8 });
    await settle();
    expect(watch.current()).toEqual({ epoch: 8 });
    watch.stop();
    await vi.advanceTimersByTimeAsync(1000);
    expect(questions).toHaveLength(3);
  });

  it('told of a change while it is asking asks once more, for all who tell of it meanwhile, and each time anew', async () => {
    for (const round of [0, 1]) {
      const first = watch.refresh();
      const told = [watch.refresh(), watch.refresh()];
      const asked = () => questions.length - round * 2;
      expect(asked()).toBe(1);
      questions.at(-1)!.answer({ epoch: round * 2 + 1 });
      await first;
      await settle();
      expect(asked()).toBe(2);
      questions.at(-1)!.answer({ epoch: round * 2 + 2 });
      await Promise.all(told);
      expect(watch.current()).toEqual({ epoch: round * 2 + 2 });
    }
  });

  it('never goes back', async () => {
    for (const epoch of [9, 8, 9, 10]) {
      const asked = watch.refresh();
      questions.at(-1)!.answer({ epoch });
      await asked;
    }
    expect(questions.map((q) => q.known)).toEqual([null, 9, 9, 9]);
    expect(watch.current()).toEqual({ epoch: 10 });
  });

  it('that has grown old because nobody asked asks before it is called old', async () => {
    const asked = watch.refresh();
    questions[0]!.answer({ epoch: 1 });
    await asked;
    await vi.advanceTimersByTimeAsync(5000);
    expect(await watch.isFresh()).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    const fresh = watch.isFresh();
    questions[1]!.answer(null);
    expect(await fresh).toBe(true);
  });

  it('that is not answered is old, says so once, and makes nobody wait who asks whether it is', async () => {
    const asked = watch.refresh();
    questions[0]!.answer({ epoch: 1 });
    await asked;
    await vi.advanceTimersByTimeAsync(5001);
    const fresh = watch.isFresh();
    await vi.advanceTimersByTimeAsync(5000);
    expect(await fresh).toBe(false);
    expect(await watch.isFresh()).toBe(false);
    expect(questions).toHaveLength(2);
    const again = watch.refresh();
    questions[2]!.fail();
    await again;
    expect(logged).toEqual(['the policies cannot be had; personal data will be refused soon']);
    const back = watch.refresh();
    questions[3]!.answer(null);
    await back;
    expect([await watch.isFresh(), watch.current(), logged[1]]).toEqual([true, { epoch: 1 }, 'the policies can be had again']);
  });
});
