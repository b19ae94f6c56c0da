import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const STARTUP_MS = 300_000;
const TICKS_A_SECOND = 100;

/** A system that runs, and the processes of it that answer. */
export interface Started {
  readonly url: string;
  readonly child: ChildProcess;
  readonly answering: readonly number[];
}

/** Starts the whole product with so many workers, and waits until it answers. */
export async function start(root: string, environment: NodeJS.ProcessEnv, workers: number): Promise<Started> {
  const child = spawn(process.execPath, ['scripts/up.ts', '--workers', String(workers)], {
    cwd: root,
    env: { ...environment, COMMONWEAL_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout?.on('data', (text: Buffer) => (said += text.toString()));
  const giveUpAt = Date.now() + STARTUP_MS;
  while (!/Commonweal runs/.test(said)) {
    if (child.exitCode !== null || Date.now() > giveUpAt) throw new Error(`the system did not start:\n${said}`);
    await sleep(50);
  }
  const pid = child.pid ?? 0;
  const own = readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && read(name, 'cmdline').includes('up.worker.ts') && Number(statOf(name)[1]) === pid,
  );
  return { url: /(http:\S+)\/graphql/.exec(said)?.[1] ?? '', child, answering: own.length > 0 ? own.map(Number) : [pid] };
}

/** CPU time that processes have used so far, in milliseconds. */
export const cpuMs = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + ((Number(statOf(pid)[11]) + Number(statOf(pid)[12])) * 1000) / TICKS_A_SECOND, 0);

// After the name of the program, which stands in brackets and may hold anything.
const statOf = (pid: string | number) => read(pid, 'stat').replace(/^.*\)/, '').trim().split(' ');

const read = (pid: string | number, file: string) => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
};
