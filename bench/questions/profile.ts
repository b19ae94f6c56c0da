import { type Profiler, Session } from 'node:inspector/promises';

/** A function, or a package, and its share of the time in which the process was not idle. */
export interface Share {
  readonly name: string;
  readonly share: number;
}

/** Where a process spent its time by itself, without what it called. */
export interface Hot {
  readonly functions: readonly Share[];
  readonly packages: readonly Share[];
  /** Share of the clock in which it did nothing. */
  readonly idle: number;
}

const SAMPLE_MICROSECONDS = 1000;

/** Starts a CPU profile of this process; what is returned ends it. */
export async function startProfile(): Promise<() => Promise<Hot>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_MICROSECONDS });
  await session.post('Profiler.start');
  return async () => {
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    return hotOf(profile);
  };
}

function hotOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Hot {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const functions = new Map<string, number>();
  const packages = new Map<string, number>();
  let idle = 0;
  let all = 0;
  for (const [n, id] of samples.entries()) {
    const time = timeDeltas[n] ?? 0;
    const frame = byId.get(id);
    // Asking for the profile is no work of the product.
    if (frame?.url === 'node:inspector') continue;
    if (!frame || frame.functionName === '(idle)') idle += time;
    else {
      const owner = packageOf(frame);
      add(functions, `${frame.functionName || '(anonymous)'} ${owner}${placeOf(frame)}`, time);
      add(packages, owner, time);
      all += time;
    }
  }
  const shares = (of: Map<string, number>) =>
    [...of].map(([name, time]) => ({ name, share: time / all })).toSorted((a, b) => b.share - a.share);
  return { functions: shares(functions).slice(0, 15), packages: shares(packages).slice(0, 15), idle: idle / (idle + all) };
}

const add = (to: Map<string, number>, name: string, time: number) => to.set(name, (to.get(name) ?? 0) + time);

type Frame = Profiler.ProfileNode['callFrame'];

/** The package a function belongs to: one of ours by its folder, another by its name, and what the engine does by itself. */
function packageOf({ url, functionName }: Frame): string {
  if (functionName.startsWith('(')) return functionName;
  if (url.startsWith('node:') || url === '') return 'node';
  const [, inner] = url.match(/.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/) ?? [];
  return inner ?? url.match(/\/(gateway\/src\/[^/]+|subgraphs\/[^/]+|schema)\//)?.[1] ?? 'bench';
}

const placeOf = ({ url, lineNumber }: Frame) => (url ? ` ${url.split('/').at(-1)}:${lineNumber + 1}` : '');
