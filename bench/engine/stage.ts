import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Case } from './cases.ts';
import { kinds, type Setting, startGateway } from './gateways.ts';
import { getGraph } from './graphs/all.ts';
import { supergraphOf } from './graphs/compose.ts';
import { bodiesOf, type Measured, type Stage } from './measure.ts';
import { OTHER_CORE, startPinned } from './processes.ts';
import type { SubgraphsReply } from './subgraphs.ts';

/** How a stage is set. */
export interface Scene {
  /** Folder for the supergraph. */
  readonly folder: string;
  /** Only gateways of these names; null: all of the case. */
  readonly only: readonly string[] | null;
  /** File for a CPU profile; null: none. */
  readonly profile: string | null;
}

/** What is done on a stage. */
export type Work = (stage: Stage, measured: readonly Measured[]) => Promise<void>;

/** Starts subgraphs, load generator and gateways of a case, has the work done, and ends them all. */
export async function onStage(one: Case, { folder, only, profile }: Scene, work: Work): Promise<void> {
  const graph = getGraph(one.graph);
  const subgraphs = startPinned(OTHER_CORE, 'subgraphs.ts');
  const load = startPinned(OTHER_CORE, 'load.ts');
  const measured: Measured[] = [];
  try {
    const { urls } = await subgraphs.ask<SubgraphsReply>({ kind: 'start', graph: graph.name });
    const supergraph = path.join(folder, `${graph.name}.graphql`);
    writeFileSync(supergraph, supergraphOf(graph, urls));
    const known = kinds();
    for (const contender of one.contenders) {
      const kind = known[contender.kind];
      if (only && !only.includes(kind.name)) continue;
      const setting: Setting = { supergraph, inProcess: one.inProcess && !contender.overHttp ? graph.name : null, profile };
      measured.push({ name: contender.as ?? kind.name, running: await startGateway(kind, setting), bodies: bodiesOf(graph), runs: [] });
    }
    await work({ connections: one.connections, isDistinct: one.isDistinct, subgraphs, load }, measured);
  } finally {
    await Promise.all([...measured.map(({ running }) => running.process.stop()), subgraphs.stop(), load.stop()]);
  }
}
