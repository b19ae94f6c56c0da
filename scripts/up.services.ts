import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sealKeyInFile } from '@commonweal/consent';
import { listSettings } from '@commonweal/gateway/config.settings.ts';
import { SETTINGS } from '@commonweal/gateway/config.ts';
import { readPoolSize } from '@commonweal/kit/config.ts';
import { SUBGRAPHS, type SubgraphName } from '@commonweal/schema';
import { ROOT } from './config.ts';
import { freePort } from './freeport.ts';
import { StartupProblem } from './startup-problem.ts';
import type { Launch, StartSystem } from './up.system.ts';

/** One process of the system. */
interface Service {
  readonly name: string;
  readonly url: string;
  readonly child: ChildProcess;
  /** Settles when it ended, with a sentence. */
  readonly ended: Promise<string>;
  isStopping: boolean;
}

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 12_000;

/** Each registry and the gateway in a process of its own, on ports of the loopback address. If one ends, `ended` says so. */
export const startServices: StartSystem = async (launch, running) => {
  const ports = Object.fromEntries(await Promise.all(SUBGRAPHS.map(async (name) => [name, await freePort()]))) as Record<
    SubgraphName,
    number
  >;
  const peers = Object.fromEntries(SUBGRAPHS.map((name) => [`COMMONWEAL_URL_${name.toUpperCase()}`, `http://127.0.0.1:${ports[name]}`]));
  const secret = launch.config.secret.toString('base64');
  const shared = { PATH: process.env.PATH, COMMONWEAL_SECRET: secret, ...peers };
  // Before anything is started: a registry that refuses it says so in its log only.
  const pool = { COMMONWEAL_POOL: String(readPoolSize(launch.env)) };
  const all: Service[] = [];

  const run = async (name: string, script: string, port: number, env: Record<string, string | undefined>): Promise<Service> => {
    launch.tell(name);
    const service = startChild(name, script, port, { ...shared, ...env }, launch.data.log);
    all.push(service);
    running.push(() => stop(service));
    await untilReady(service, launch.data.log);
    return service;
  };
  const registry = (name: SubgraphName) => {
    const seal = name === 'consent' ? sealVariables(launch) : {};
    const env = {
      COMMONWEAL_DATABASE_URL: launch.urls[name].appUrl,
      COMMONWEAL_HOST: '127.0.0.1',
      COMMONWEAL_PORT: String(ports[name]),
      ...pool,
      ...seal,
    };
    return run(name, `subgraphs/${name}/src/main.ts`, ports[name], env);
  };

  // The others ask the consent registry for the policies as soon as they start.
  await registry('consent');
  await Promise.all(SUBGRAPHS.filter((name) => name !== 'consent').map(registry));
  const port = launch.config.port || (await freePort());
  const gateway = await run('gateway', 'gateway/src/main.ts', port, { ...gatewayVariables(launch), COMMONWEAL_PORT: String(port) });
  return { url: gateway.url, ended: Promise.race(all.map((service) => service.ended)) };
};

// The gateway refuses variables that are not its own.
function gatewayVariables({ env }: Launch): Record<string, string | undefined> {
  const names = listSettings(SETTINGS).flatMap(({ name }) => [name, `${name}_FILE`]);
  return Object.fromEntries(names.filter((name) => env[name] !== undefined).map((name) => [name, env[name]]));
}

function sealVariables({ env, data }: Launch): Record<string, string | undefined> {
  const given = env.COMMONWEAL_SEAL_KEY_FILE;
  if (!given) sealKeyInFile(data.sealKey);
  return { COMMONWEAL_SEAL_KEY_FILE: given ?? data.sealKey, COMMONWEAL_SEAL_LAG_SECONDS: env.COMMONWEAL_SEAL_LAG_SECONDS };
}

function startChild(name: string, script: string, port: number, env: Record<string, string | undefined>, logFile: string): Service {
  const own = [process.execPath, ...process.execArgv, path.join(ROOT, script)] as const;
  const [command, ...args] = isSetprivThere() ? (['setpriv', '--pdeathsig', 'TERM', ...own] as const) : own;
  const log = openSync(logFile, 'a');
  const said = statSync(logFile).size;
  // A session of its own: Ctrl-C in the terminal is told to the start script only, which stops the processes in their order.
  const child = spawn(command, args, { cwd: ROOT, env, stdio: ['ignore', log, log], detached: process.platform !== 'win32' });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`The ${name} process did not start: ${error.message}.`));
    child.once('exit', (code, signal) =>
      resolve(`The ${name} process ended by itself (${signal ?? `exit code ${code}`})${lastWords(logFile, said, name)}.`),
    );
  });
  return { name, url: `http://127.0.0.1:${port}`, child, ended, isStopping: false };
}

// However this process dies, the kernel ends its children.
const isSetprivThere = (): boolean => process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true']).status === 0;

async function untilReady(service: Service, logFile: string): Promise<void> {
  const giveUpAt = Date.now() + READY_WITHIN_MS;
  let dead: string | undefined;
  void service.ended.then((reason) => (dead = reason));
  for (;;) {
    if (dead !== undefined) throw new StartupProblem(dead, `The log says more: ${logFile}.`);
    const missing = await readiness(service.url);
    if (missing === null) return;
    if (Date.now() > giveUpAt)
      throw new StartupProblem(`The ${service.name} process is not ready after a minute: ${missing}.`, `The log says more: ${logFile}.`);
    await sleep(25);
  }
}

async function readiness(url: string): Promise<string | null> {
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2000) });
    const { missing } = (await answer.json()) as { missing?: readonly string[] };
    return answer.ok ? null : (missing?.join('; ') ?? 'it does not say why');
  } catch {
    return 'it does not answer';
  }
}

async function stop(service: Service): Promise<void> {
  const { child, ended } = service;
  service.isStopping = true;
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await ended;
  clearTimeout(timer);
}

/** The last error that a process logged, after what was in the log before it started. */
function lastWords(logFile: string, from: number, name: string): string {
  const lines = readFileSync(logFile)
    .subarray(from)
    .toString()
    .split('\n')
    .filter((line) => line.trim() !== '');
  for (const line of lines.toReversed()) {
    try {
      const entry = JSON.parse(line) as { name?: string; service?: string; level?: number | string; msg?: string };
      const isError = entry.level === 'error' || entry.level === 'fatal' || Number(entry.level) >= 50;
      if ((entry.name ?? entry.service) === name && isError && entry.msg) return `: ${entry.msg.replace(/\.$/, '')}`;
    } catch {
      if (/Error|commonweal/.test(line)) return `: ${line.trim().replace(/\.$/, '')}`;
    }
  }
  return '';
}
