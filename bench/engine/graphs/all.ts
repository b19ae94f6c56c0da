import { benchmark } from './benchmark/graph.ts';
import type { BenchGraph } from './graph.ts';
import { verification } from './verification/graph.ts';

/** The graphs that are asked. */
export const GRAPHS: Readonly<Record<string, BenchGraph>> = { benchmark, verification };

/** A graph by its name. Throws when there is none. */
export function getGraph(name: string): BenchGraph {
  const graph = Object.hasOwn(GRAPHS, name) ? GRAPHS[name] : undefined;
  if (!graph) throw new RangeError(`There is no graph "${name}"; there are: ${Object.keys(GRAPHS).join(', ')}.`);
  return graph;
}
