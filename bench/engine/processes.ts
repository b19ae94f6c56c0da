import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { productionEnvironment } from './config.environment.ts';

/** Core of the gateways, and that of everything around them. */
export const GATEWAY_CORE = 0;
/** Load generator and subgraphs. */
export const OTHER_CORE = 1;

/** Whether processes can be bound to cores here. */
export const canPin: boolean = spawnSync('taskset', ['--version']).status === 0;

/** A process of its own, bound to a core where that can be done. */
export interface Pinned {
  readonly pid: number;
  /** What it has written, the end of it. */
  output(): string;
  /** Sends a message and waits for the reply; only for processes that answer (`answerParent`). */
  ask<Reply>(question: unknown): Promise<Reply>;
  stop(): Promise<void>;
}

/** How a process differs from others. */
export interface PinnedOptions {
  /** Options of Node itself, besides those that this process was started with, which all contenders get. */
  readonly nodeArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const MOST_OUTPUT = 20_000;
const STOP_MS = 5000;

/** Starts a program of Node on a core: a file of this folder or a path. */
export function startPinned(core: number, file: string, args: readonly string[] = [], more: PinnedOptions = {}): Pinned {
  const path = file.startsWith('/') ? file : fileURLToPath(new URL(file, import.meta.url));
  const node = [process.execPath, ...process.execArgv, ...(more.nodeArgs ?? []), path, ...args];
  const [command = '', ...rest] = canPin ? ['taskset', '-c', String(core), ...node] : node;
  const child = spawn(command, rest, { env: { ...productionEnvironment(), ...more.env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let output = '';
  const note = (chunk: Buffer) => {
    output = (output + chunk).slice(-MOST_OUTPUT);
  };
  child.stdout?.on('data', note);
  child.stderr?.on('data', note);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    pid: child.pid ?? 0,
    output: () => output,
    ask: (question) => ask(child, gone, question, () => `${file} has ended:\n${output}`),
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await gone;
      clearTimeout(late);
    },
  };
}

async function ask<Reply>(child: ChildProcess, gone: Promise<void>, question: unknown, why: () => string): Promise<Reply> {
  const reply = new Promise<{ reply: Reply } | { fault: string }>((resolve) =>
    child.once('message', (message) => resolve(message as never)),
  );
  child.send(question as object);
  const told = await Promise.race([reply, gone.then(() => ({ fault: why() }))]);
  if ('fault' in told) throw new Error(told.fault);
  return told.reply;
}

/** In a process started here: answers the messages of the one that started it, and ends with it. */
export function answerParent<Question, Reply>(answer: (question: Question) => Reply | Promise<Reply>): void {
  process.on('message', (question) => {
    (async () => answer(question as Question))().then(
      (reply) => process.send?.({ reply }),
      (error: unknown) => process.send?.({ fault: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.once('disconnect', () => process.exit(0));
}

/** Clock ticks a second, in which Linux counts: it has been 100 everywhere for decades. */
const TICKS = 100;

/** CPU milliseconds that a process has used, all its threads, as the kernel counts them. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is a name that may hold spaces; it ends with the last parenthesis.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
}

/** Most memory that a process has had, in MiB. */
export const peakMiB = (pid: number): number => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
