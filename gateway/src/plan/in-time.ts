import { createContext, Script } from 'node:vm';

const context = createContext({ work: (): unknown => undefined });
const script = new Script('work()');

/** Work was stopped, as it took longer than it may. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

/**
 * Does work that may never end, and stops it after some milliseconds of CPU by throwing `OutOfTime`. The work must not wait for anything, and is not told: what
 * it has half done stays so. Where the machine is busy with something else it is stopped by the clock before that, and begun again with more of it. Costs a
 * sixth of a millisecond.
 */
export function inTime<T>(milliseconds: number, work: () => T): T {
  const before = process.threadCpuUsage();
  for (let timeout = milliseconds; ; timeout *= 2) {
    context.work = work;
    try {
      return script.runInContext(context, { timeout }) as T;
    } catch (error) {
      if (!isTimeout(error)) throw error;
      const { user, system } = process.threadCpuUsage(before);
      if ((user + system) / 1000 >= 0.9 * milliseconds) throw new OutOfTime('The work did not end in its time.', { cause: error });
    } finally {
      context.work = undefined;
    }
  }
}

/** It is no `Error` of this realm. */
const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
