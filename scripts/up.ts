import { enableCompileCache } from 'node:module';
import { parseArgs } from 'node:util';
import { ConfigError, settingsHelp } from '@commonweal/gateway/config.settings.ts';
import { type GatewayConfig, readConfig, SETTINGS } from '@commonweal/gateway/config.ts';
import { ConfigProblem } from '@commonweal/kit/config.ts';
import { OTHER_VARIABLES, readScriptConfig, SCRIPT_VARIABLES, type ScriptConfig } from './config.ts';
import { ensureDevIssuer, readSecret } from './dev-issuer.ts';
import { createProgress, type Progress } from './progress.ts';
import { StartupProblem } from './startup-problem.ts';
import { checkMachine, checkPort } from './up.checks.ts';
import { whatNext } from './up.hello.ts';
import { startServer } from './up.server.ts';
import type { System } from './up.system.ts';
import { useVendored, vendorAside } from './vendor.ts';

const HELP = `Usage: npm start [-- --services | --workers <number>]

Starts the whole system on this machine: a PostgreSQL, the registries and the gateway, with a made-up country at the first start.
It ends with Ctrl-C.

  --services  each registry and the gateway in a process of its own, with signed calls over HTTP; without it, all in one process
  --workers   so many processes, each with registries and gateway, behind one port; one for each core is a good number
  --help      this text

Variables of the start:
${SCRIPT_VARIABLES.map(({ name, about }) => `  ${name.padEnd(22)}  ${about}`).join('\n')}

Settings of the gateway, as variables (npm start takes development unless COMMONWEAL_ENV says otherwise):
${settingsHelp(SETTINGS)}
`;

/** Settings of the gateway on this machine: what the environment says, and for the rest the keys of the data folder. */
async function configure({ data, rest }: ScriptConfig): Promise<{ config: GatewayConfig; env: Record<string, string | undefined> }> {
  const isLocal = (rest.COMMONWEAL_ENV || 'development') === 'development';
  if (isLocal) await ensureDevIssuer(data);
  const local = isLocal ? { COMMONWEAL_ENV: 'development', COMMONWEAL_OIDC_JWKS: data.jwks, COMMONWEAL_SECRET: readSecret(data) } : {};
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined && value !== ''));
  const env = { ...local, ...given };
  return { config: readConfig(env, OTHER_VARIABLES), env };
}

/** Starts everything, in order; what was started is in `running` as soon as it runs, so that it can be stopped at any moment. */
async function start({ services: isServices, workers }: Options, progress: Progress, running: (() => Promise<void>)[]): Promise<System> {
  const began = performance.now();
  const scripts = readScriptConfig();
  await checkMachine(scripts.data);
  const { config, env } = await configure(scripts);
  await checkPort(config.port);
  if (config.environment === 'production' && !scripts.databaseUrl)
    throw new StartupProblem(
      'In production the embedded PostgreSQL is not used.',
      'Point DATABASE_URL at a PostgreSQL 18 of your own, as its administrator.',
    );
  // The registries' code is loaded while PostgreSQL starts.
  const code = loadCode(isServices, workers);
  const server = await progress.step(scripts.databaseUrl ? 'PostgreSQL at DATABASE_URL' : 'PostgreSQL', (tell) =>
    startServer(scripts, tell, running),
  );
  const { prepareTables, nearby, prepareCountry, launch } = await code;
  const urls = await progress.step('Roles and tables', (tell) => prepareTables(server.adminUrl, tell));
  await prepareCountry(scripts, config, urls, progress);
  if (config.playground) await buildPlayground(progress);
  const system = await progress.step(
    isServices ? 'Registries and gateway, a process each' : workers > 1 ? `${workers} workers` : 'Registries and gateway',
    (tell) => launch({ config, env, urls: nearby(urls, server.socketDir), data: scripts.data, tell }, running),
  );
  progress.say(whatNext(system, config, scripts.data, performance.now() - began));
  if (!isVendored) running.push(vendorAside());
  return { ...system, ended: Promise.race([system.ended, server.ended]) };
}

async function loadCode(isServices: boolean, workers: number) {
  const [{ prepareTables, nearby }, { prepareCountry }, launch] = await Promise.all([
    import('./up.database.ts'),
    import('./up.country.ts'),
    isServices
      ? import('./up.services.ts').then((m) => m.startServices)
      : workers > 1
        ? import('./up.workers.ts').then((m) => m.startWorkers(workers))
        : import('./up.local.ts').then((m) => m.startInOneProcess),
  ]);
  return { prepareTables, nearby, prepareCountry, launch };
}

/** Builds the page of the playground when its sources changed. Without the page everything else still works. */
async function buildPlayground(progress: Progress): Promise<void> {
  try {
    await progress.step('Playground', async () => (await import('@commonweal/playground/build.ts')).buildPlaygroundIfStale());
  } catch (error) {
    progress.say(`  The page was not built, so /playground is empty: ${(error as Error).message.split('\n')[0]}`);
  }
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.faults.map((fault) => `commonweal: ${fault}`).join('\n');
  if (error instanceof ConfigProblem) return `commonweal: ${error.message}`;
  if (error instanceof StartupProblem) return `commonweal: ${error.message}\n            ${error.remedy}`;
  return `commonweal: the system did not start: ${(error as Error).stack ?? String(error)}`;
}

interface Options {
  readonly services: boolean;
  readonly workers: number;
  readonly help: boolean;
}

const MOST_WORKERS = 64;

function readOptions(): Options {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { services, workers, help } = parseArgs({
      options: { services: flag, workers: { type: 'string', default: '1' }, help: flag },
    }).values;
    if (!/^[1-9]\d?$/.test(workers) || Number(workers) > MOST_WORKERS)
      throw new Error(`--workers takes a number from 1 to ${MOST_WORKERS}, and not "${workers}".`);
    if (services && Number(workers) > 1)
      throw new Error('--services and --workers do not go together: of services, start as many of each as are needed.');
    return { services, workers: Number(workers), help };
  } catch (error) {
    process.stderr.write(`commonweal: ${(error as Error).message}\n            npm start -- --help lists the options.\n`);
    process.exit(1);
  }
}

// Whether packages are read from their image; when not, one is made for the next start.
let isVendored = false;

async function main(): Promise<void> {
  // What was compiled at one start need not be at the next.
  enableCompileCache();
  isVendored = useVendored();
  const values = readOptions();
  if (values.help) return void process.stdout.write(HELP);
  const progress = createProgress();
  const running: (() => Promise<void>)[] = [];
  let stopping: Promise<void> | undefined;
  const stopAll = () => {
    stopping ??= (async () => {
      // The last started is the first to stop: nobody loses what he stands on. What was just being started is added meanwhile.
      for (let stop = running.pop(); stop; stop = running.pop()) await stop().catch((error) => process.stderr.write(`${explain(error)}\n`));
    })();
    return stopping;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      progress.say('\nStopping ...');
      void stopAll().then(() => process.exit());
    });
  }
  try {
    const system = await start(values, progress, running);
    throw new StartupProblem(await system.ended, `Everything else is stopped now. The log says more: ${readScriptConfig().data.log}.`);
  } catch (error) {
    // What fails while all is stopped fails for that reason.
    if (!stopping) {
      process.stderr.write(`${explain(error)}\n`);
      process.exitCode = 1;
    }
    await stopAll();
    process.exit();
  }
}

await main();
