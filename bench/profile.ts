import type { Profiler } from 'node:inspector';

/** A function, or a package, and its share of the time in which the process did something. */
export interface Share {
  readonly name: string;
  readonly share: number;
}

/** Where a process spent its time by itself, without what it called. */
export interface Hot {
  readonly functions: readonly Share[];
  readonly packages: readonly Share[];
  /** Share of the clock without work. */
  readonly idle: number;
}

type Frame = Profiler.ProfileNode['callFrame'];

/** Sums up a CPU profile by function and by whom the function belongs to, the most first. */
export function hotOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Hot {
  const frames = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const functions = new Map<string, number>();
  const packages = new Map<string, number>();
  let idle = 0;
  let all = 0;
  for (const [n, id] of samples.entries()) {
    const frame = frames.get(id);
    const time = Math.max(0, timeDeltas[n] ?? 0);
    // Asking for the profile is no work of what is profiled.
    if (!frame || frame.url === 'node:inspector') continue;
    if (frame.functionName === '(idle)') {
      idle += time;
      continue;
    }
    all += time;
    add(functions, `${frame.functionName || '(anonymous)'} ${placeOf(frame)}`.trim(), time);
    add(packages, ownerOf(frame), time);
  }
  const shares = (of: Map<string, number>): Share[] =>
    [...of].map(([name, time]) => ({ name, share: time / all })).toSorted((a, b) => b.share - a.share);
  return { functions: shares(functions), packages: shares(packages), idle: idle / (idle + all) };
}

const add = (to: Map<string, number>, name: string, time: number) => to.set(name, (to.get(name) ?? 0) + time);

const placeOf = ({ url, lineNumber }: Frame) =>
  url ? `${url.replace(/.*\/(?:node_modules|gateway\/src|subgraphs|bench|(?=schema\/))\/?/, '')}:${lineNumber + 1}` : '';

/** A folder of ours, a package of others, or what the engine of JavaScript does by itself. */
function ownerOf({ url, functionName }: Frame): string {
  if (functionName.startsWith('(')) return functionName;
  if (url === '') return 'native';
  if (url.startsWith('node:')) return 'node';
  const [, inner] = url.match(/.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/) ?? [];
  return inner ?? url.match(/\/((?:gateway\/src|subgraphs|bench)(?:\/[^/]+(?=\/))?|schema)\//)?.[1] ?? url;
}
