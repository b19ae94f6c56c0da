import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { documentIdOf, PERSONAS } from '@commonweal/schema';
import { dataFolder } from '../../../scripts/config.ts';
import { ensureDevIssuer, signDevToken } from '../../../scripts/dev-issuer.ts';
import type { Target } from '../cases.ts';
import { type Kind, profiling, type Setting, startGateway } from '../gateways.ts';
import type { Measured } from '../measure.ts';
import { GATEWAY_CORE, OTHER_CORE, startPinned } from '../processes.ts';
import type { Scene, Work } from '../stage.ts';

/** What is compared. */
export const PRODUCT_TITLE =
  'product: a household across programs, asked of the bare engine and of the whole product (authentication, access, audit), registries canned in the process of both';

/** No more than a third may be lost. */
export const PRODUCT_TARGETS: readonly Target[] = [{ ours: 'product', to: 'bare engine', of: 'speed', goal: 0.67 }];

const CONNECTIONS = 16;
/** Case workers who ask, each with a token, and households that are asked for. */
const CALLERS = 24;
const HOUSEHOLDS = 200;

/** Starts the bare engine and the product over the same canned registries, has the work done, and ends them. */
export async function onProductStage({ folder, only, profile }: Scene, work: Work): Promise<void> {
  const data = dataFolder(path.join(folder, 'issuer'));
  mkdirSync(data.folder, { recursive: true });
  await ensureDevIssuer(data);
  const tokens = await Promise.all(
    Array.from({ length: CALLERS }, (_, n) =>
      signDevToken(data, { ...PERSONAS['case-worker']!, person: undefined, user: `case-worker-${n}` }),
    ),
  );
  const start = (file: string, args: readonly string[]) => (setting: Setting, port: number) =>
    startPinned(GATEWAY_CORE, file, ['--port', String(port), ...args], profiling(setting));
  const bare: Kind = { name: 'bare engine', about: '', start: start('product/serve.bare.ts', []) };
  const product: Kind = { name: 'product', about: '', start: start('product/serve.product.ts', ['--jwks', data.jwks]) };
  const query = readFileSync(new URL('question.graphql', import.meta.url), 'utf8');
  const bodies = (asked: object) =>
    Array.from({ length: HOUSEHOLDS }, (_, n) => JSON.stringify({ ...asked, variables: { id: `household-${1000 + n}` } }));
  const contenders = [
    { kind: bare, name: bare.name, bodies: bodies({ query }) },
    { kind: product, name: product.name, bodies: bodies({ query }) },
    { kind: product, name: 'product, by documentId', bodies: bodies({ documentId: documentIdOf(query) }) },
  ];
  const load = startPinned(OTHER_CORE, 'load.ts');
  const measured: Measured[] = [];
  try {
    for (const { kind, name, bodies } of contenders) {
      if (only && !only.includes(name)) continue;
      const running = await startGateway(kind, { supergraph: '', inProcess: null, profile }, tokens[0]!);
      measured.push({ name, running, bodies, runs: [] });
    }
    await work({ connections: CONNECTIONS, isDistinct: true, tokens, subgraphs: null, load }, measured);
  } finally {
    await Promise.all([...measured.map(({ running }) => running.process.stop()), load.stop()]);
  }
}
