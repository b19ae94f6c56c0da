import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { AuditRecord, Registrar } from '@commonweal/schema';
import { describe, expect, it } from 'vitest';
import { NO_METRICS } from '../graph.metrics.ts';
import { auditWriter } from './audit.ts';

const record = (id: string) => ({ id }) as AuditRecord;

/** A registry whose writes end when the test says so. */
function slowRegistry() {
  const batches: string[][] = [];
  const ends: ((error?: Error) => void)[] = [];
  const registrar = {
    audit: (records: readonly AuditRecord[]) =>
      new Promise<void>((resolve, reject) => {
        batches.push(records.map((r) => r.id));
        ends.push((error) => (error ? reject(error) : resolve()));
      }),
  } as Pick<Registrar, 'audit'> as Registrar;
  return { registrar, batches, end: (n: number, error?: Error) => ends[n]?.(error) };
}
const told = (writing: Promise<void>) =>
  writing.then(
    () => 'written',
    (error: Error) => error.message,
  );

describe('audit records', () => {
  it('that arrive together are written together, and those that arrive during a write in the next', async () => {
    const { registrar, batches, end } = slowRegistry();
    const write = auditWriter(registrar, 1000, NO_METRICS);
    const first = ['a', 'b'].map((id) => write(record(id)));
    await setImmediate();
    expect(batches).toEqual([['a', 'b']]);
    const second = ['c', 'd', 'e'].map((id) => write(record(id)));
    await setImmediate();
    expect(batches).toEqual([['a', 'b']]);
    end(0);
    await Promise.all(first);
    expect(batches).toEqual([
      ['a', 'b'],
      ['c', 'd', 'e'],
    ]);
    end(1);
    expect(await Promise.all([...first, ...second].map(told))).toEqual(Array.from({ length: 5 }, () => 'written'));
  });

  it('that cannot be written fail those who wait for them, and no others', async () => {
    const { registrar, end } = slowRegistry();
    const write = auditWriter(registrar, 1000, NO_METRICS);
    const first = told(write(record('a')));
    await setImmediate();
    const second = told(write(record('b')));
    end(0, new Error('disk full'));
    expect(await first).toBe('disk full');
    end(1);
    expect(await second).toBe('written');
  });

  it('keep nobody waiting longer than the limit, whether for a write that hangs or behind it, and are written when that is given up', async () => {
    const { registrar, batches, end } = slowRegistry();
    const write = auditWriter(registrar, 200, NO_METRICS);
    const began = performance.now();
    const times: number[] = [];
    const noted = (writing: Promise<void>) => told(writing).finally(() => times.push(performance.now() - began));
    const first = noted(write(record('a')));
    await sleep(100);
    const second = noted(write(record('b')));
    const late = 'the audit record was not written within 200 ms';
    expect(await Promise.all([first, second])).toEqual([late, late]);
    expect(times[0]).toBeGreaterThanOrEqual(195);
    expect(times[1]).toBeGreaterThanOrEqual(295);
    // Generous upwards: the machine may be busy.
    expect(times[1]).toBeLessThan(1500);
    expect(batches).toEqual([['a'], ['b']]);
    const third = told(write(record('c')));
    end(1);
    await sleep(10);
    end(2);
    expect(await third).toBe('written');
  });
});
