import type { Profiler } from 'node:inspector';

/** A function, and its share of the time in which the process did something. */
export interface Hot {
  readonly name: string;
  readonly self: number;
}

/** What of a profile is told. */
export interface Summary {
  readonly functions: readonly Hot[];
  readonly packages: readonly Hot[];
  /** Share of the clock without work. */
  readonly idle: number;
}

type Frame = Profiler.ProfileNode['callFrame'];

/** Sums up where a process spent its time by itself, without what it called. */
export function summarize({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Summary {
  const frames = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const functions = new Map<string, number>();
  const packages = new Map<string, number>();
  let idle = 0;
  let all = 0;
  for (const [n, id] of samples.entries()) {
    const frame = frames.get(id);
    const time = Math.max(0, timeDeltas[n] ?? 0);
    if (!frame || frame.url === 'node:inspector') continue;
    if (frame.functionName === '(idle)') {
      idle += time;
      continue;
    }
    all += time;
    add(functions, `${frame.functionName || '(anonymous)'} ${placeOf(frame)}`.trim(), time);
    add(packages, ownerOf(frame), time);
  }
  const shares = (of: Map<string, number>): Hot[] =>
    [...of].map(([name, time]) => ({ name, self: time / all })).toSorted((a, b) => b.self - a.self);
  return { functions: shares(functions), packages: shares(packages), idle: idle / (idle + all) };
}

const add = (to: Map<string, number>, name: string, time: number) => to.set(name, (to.get(name) ?? 0) + time);

const placeOf = ({ url, lineNumber }: Frame) => (url ? `${url.replace(/.*\/(?:node_modules|gateway\/src)\//, '')}:${lineNumber + 1}` : '');

/** A file of ours, a package, or what the engine does by itself. */
function ownerOf({ url, functionName }: Frame): string {
  if (functionName.startsWith('(')) return functionName;
  if (url === '') return 'native';
  if (url.startsWith('node:')) return 'node';
  const [, inner] = url.match(/.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/) ?? [];
  return inner ?? url.match(/\/((?:gateway\/src|bench|schema)\/.*)$/)?.[1] ?? url;
}
