import { enableCompileCache } from 'node:module';
import { readConfig } from '@commonweal/gateway/config.ts';
import { figuresOfAll } from '@commonweal/gateway/http/workers.ts';
import { OTHER_VARIABLES } from './config.ts';
import { startInOneProcess } from './up.local.ts';
import type { FromWorker, ToWorker, WorkerLaunch } from './up.workers.ts';

// One of the processes of `npm start -- --workers N`: registries and gateway, told by the start script what to start with and when to stop.
enableCompileCache();
const tell = (message: FromWorker) => void process.send?.(message);
const running: (() => Promise<void>)[] = [];
let stopping: Promise<void> | undefined;

async function start({ env, urls, data, connections }: WorkerLaunch): Promise<void> {
  try {
    const config = readConfig(env, OTHER_VARIABLES);
    const { url } = await startInOneProcess(
      { config, env, urls, data, connections, shareMetrics: (own) => figuresOfAll(own, askFigures), tell: () => {} },
      running,
    );
    tell({ kind: 'ready', url });
  } catch (error) {
    tell({ kind: 'failed', reason: (error as Error).message });
    await stop();
  }
}

function stop(): Promise<void> {
  stopping ??= (async () => {
    for (let close = running.pop(); close; close = running.pop()) await close().catch(() => {});
    process.exit();
  })();
  return stopping;
}

const asked = new Map<number, (text: string) => void>();

const askFigures = () =>
  new Promise<string>((resolve) => {
    const id = Math.random();
    asked.set(id, resolve);
    tell({ kind: 'metrics', id });
  });

process.on('message', (message: ToWorker) => {
  if (message.kind === 'start') void start(message.launch);
  else if (message.kind === 'stop') void stop();
  else if (message.kind === 'metrics') {
    asked.get(message.id)?.(message.text);
    asked.delete(message.id);
  }
});
// The start script stops its workers itself; what a terminal sends to all is meant for it. When it is gone, so are they.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('SIGTERM', () => void stop());
process.on('disconnect', () => void stop());
