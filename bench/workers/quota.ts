import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const GROUPS = '/sys/fs/cgroup';
/** The kernel hands CPU out anew this often, in microseconds: short, so that a worker that has had its share does not rest for long. */
const PERIOD = 20_000;

/** Processes that may use no more than a part of a core. */
export interface Quota {
  /** Lifts the limit. The processes have ended, or go on without one. */
  lift(): void;
}

/**
 * Gives each process `share` of a core and no more, by control groups of Linux (version 1 or 2).
 * Null where this user may not make such groups; then nothing is limited.
 */
export function limitEach(pids: readonly number[], share: number): Quota | null {
  const made: string[] = [];
  const lift = () => {
    for (const group of made) {
      try {
        rmdirSync(group);
      } catch {
        // A process that is just ending keeps its group for a moment; an empty group costs nothing.
      }
    }
  };
  try {
    for (const pid of pids) made.push(limit(pid, Math.round(share * PERIOD)));
    return { lift };
  } catch {
    lift();
    return null;
  }
}

function limit(pid: number, quota: number): string {
  const isFirst = existsSync(path.join(GROUPS, 'cpu/cpu.cfs_quota_us'));
  const group = path.join(GROUPS, isFirst ? 'cpu' : '', `commonweal-bench-${pid}`);
  mkdirSync(group);
  if (isFirst) {
    writeFileSync(path.join(group, 'cpu.cfs_period_us'), `${PERIOD}`);
    writeFileSync(path.join(group, 'cpu.cfs_quota_us'), `${quota}`);
  } else {
    writeFileSync(path.join(group, 'cpu.max'), `${quota} ${PERIOD}`);
  }
  writeFileSync(path.join(group, 'cgroup.procs'), `${pid}`);
  return group;
}
