import cluster, { type Worker } from 'node:cluster';
import path from 'node:path';
import { aboveWorkers } from '@commonweal/gateway/http/workers.ts';
import { ROOT } from './config.ts';
import { StartupProblem } from './startup-problem.ts';
import type { Launch, StartSystem } from './up.system.ts';

/** What this process tells a worker. */
export type ToWorker =
  | { readonly kind: 'start'; readonly launch: WorkerLaunch }
  | { readonly kind: 'metrics'; readonly id: number; readonly text: string }
  | { readonly kind: 'stop' };

/** What a worker tells this process. */
export type FromWorker =
  | { readonly kind: 'ready'; readonly url: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'metrics'; readonly id: number };

/** What a worker is started with: what can be sent between processes of a `Launch`, whose settings the worker reads again. */
export type WorkerLaunch = Pick<Launch, 'env' | 'urls' | 'data'> & { readonly connections: number };

// As many as one process would have, however many share them: PostgreSQL bears a limited number.
const CONNECTIONS = 16;
const LEAST_CONNECTIONS = 4;
const STOP_WITHIN_MS = 12_000;
/** A worker that dies is replaced; so many within a minute are no accident any more. */
const MOST_DEATHS = 5;
const MINUTE_MS = 60_000;

/**
 * Registries and gateway in each of several processes, which share the port: the system prepares, deals out connections, adds up the figures
 * and counts what a consumer asks of all of them together. A worker that dies is replaced.
 */
export const startWorkers =
  (count: number): StartSystem =>
  async (launch, running) => {
    const connections = Math.max(LEAST_CONNECTIONS, Math.ceil(CONNECTIONS / count));
    const start: ToWorker = { kind: 'start', launch: { env: launch.env, urls: launch.urls, data: launch.data, connections } };
    cluster.setupPrimary({ exec: path.join(ROOT, 'scripts/up.worker.ts'), args: [] });
    const above = aboveWorkers();
    const state = { isStopping: false };
    const deaths: number[] = [];
    const { promise: ended, resolve: end } = Promise.withResolvers<string>();
    running.push(async () => {
      state.isStopping = true;
      await Promise.all(Object.values(cluster.workers ?? {}).flatMap((worker) => (worker ? [stop(worker)] : [])));
    });

    const fork = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const worker = cluster.fork();
        let isReady = false;
        // What is sent to one that just ended; its end is told by `exit`.
        worker.on('error', () => {});
        worker.on('online', () => worker.send(start));
        worker.on('message', (message: FromWorker) => {
          if (message.kind === 'ready') {
            isReady = true;
            resolve(message.url);
          } else if (message.kind === 'failed') reject(new StartupProblem(message.reason, `The log says more: ${launch.data.log}.`));
          else if (message.kind === 'metrics') void answerMetrics(worker, message.id);
        });
        worker.on('exit', (code, signal) => {
          const how = signal ?? `exit code ${code}`;
          reject(new StartupProblem(`A worker ended while it was started (${how}).`, `The log says more: ${launch.data.log}.`));
          if (state.isStopping || !isReady) return;
          const now = Date.now();
          deaths.push(now);
          if (deaths.filter((at) => now - at < MINUTE_MS).length > MOST_DEATHS) end(`Workers end again and again (the last: ${how}).`);
          else fork().catch((error: Error) => end(`A worker that ended (${how}) could not be replaced: ${error.message}`));
        });
      });
    const answerMetrics = async (worker: Worker, id: number) => {
      const text = await above.figures().catch(() => '');
      if (worker.isConnected()) worker.send({ kind: 'metrics', id, text } satisfies ToWorker);
    };

    launch.tell(`${count} workers`);
    const [url] = await Promise.all(Array.from({ length: count }, fork));
    return { url: url as string, ended };
  };

function stop(worker: Worker): Promise<void> {
  if (worker.isDead()) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => worker.process.kill('SIGKILL'), STOP_WITHIN_MS);
    worker.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    if (worker.isConnected()) worker.send({ kind: 'stop' } satisfies ToWorker);
    else worker.process.kill('SIGTERM');
  });
}
