import { createContext, Script } from 'node:vm';

const context = createContext({ work: (): unknown => undefined });
const script = new Script('work()');

/** Whether an error says that the time for some work was up. */
export const isOutOfTime = (error: unknown): boolean =>
  // It is no `Error` of this realm.
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/**
 * Does work that may never end, and stops it after some milliseconds by an error that `isOutOfTime`. The work must not wait for anything, and is not told: what it has half
 * done stays so. Costs a sixth of a millisecond.
 */
export function inTime<T>(milliseconds: number, work: () => T): T {
  context.work = work;
  try {
    return script.runInContext(context, { timeout: milliseconds }) as T;
  } finally {
    context.work = undefined;
  }
}
