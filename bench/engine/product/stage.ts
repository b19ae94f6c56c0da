import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { documentIdOf, PERSONAS } from '@commonweal/schema';
import { dataFolder } from '../../../scripts/config.ts';
import { ensureDevIssuer, signDevToken } from '../../../scripts/dev-issuer.ts';
import type { Target } from '../cases.ts';
import { type Kind, profiling, type Setting, startGateway } from '../gateways.ts';
import type { Measured } from '../measure.ts';
import { GATEWAY_CORE, OTHER_CORE, startPinned } from '../processes.ts';
import type { Scene, Work } from '../stage.ts';
import type { SubgraphsReply } from '../subgraphs.ts';
import { DIFFERENT, PRODUCT_QUESTIONS, type ProductQuestion } from './questions.ts';

/** A question that the product is compared by. */
export interface ProductCase {
  readonly name: string;
  readonly title: string;
  readonly targets: readonly Target[];
  readonly on: (scene: Scene, work: Work) => Promise<void>;
}

const BARE = 'bare engine';
const PRODUCT = 'product';
const BY_ID = 'product by documentId';
const TRACED = 'product traced';

/** No more than a third may be lost. */
const TARGETS: readonly Target[] = [PRODUCT, BY_ID, TRACED].map((ours) => ({ ours, to: BARE, of: 'speed', goal: 0.67 }));

/** Each question, with registries behind HTTP on the other core, as in the topology of services, and canned in the gateway's process, where they cost nothing. */
export const PRODUCT_CASES: readonly ProductCase[] = [true, false].flatMap((overHttp) =>
  PRODUCT_QUESTIONS.map((question) => ({
    name: `product${overHttp ? '-http' : ''}-${question.name}`,
    title: `the whole product against the bare engine, ${overHttp ? 'over HTTP' : 'registries canned in the process of both'}: ${question.about}`,
    targets: TARGETS,
    on: (scene: Scene, work: Work) => onProductStage(question, overHttp, scene, work),
  })),
);

const CONNECTIONS = 16;
/** Users who ask, each with a token. */
const CALLERS = 24;

/** Starts the bare engine and the product over the same canned registries, has the work done, and ends them. */
async function onProductStage(question: ProductQuestion, overHttp: boolean, scene: Scene, work: Work): Promise<void> {
  const { folder, only, profile } = scene;
  const data = dataFolder(path.join(folder, 'issuer'));
  mkdirSync(data.folder, { recursive: true });
  await ensureDevIssuer(data);
  const { text, persona, purpose, variables } = question;
  const claims = { ...PERSONAS[persona]!, purposes: [purpose], person: undefined };
  const tokens = await Promise.all(Array.from({ length: CALLERS }, (_, n) => signDevToken(data, { ...claims, user: `${persona}-${n}` })));
  const registries = startPinned(OTHER_CORE, 'product/registries.ts');
  const load = startPinned(OTHER_CORE, 'load.ts');
  const measured: Measured[] = [];
  try {
    const { urls } = await registries.ask<SubgraphsReply>({ kind: 'start', graph: '' });
    const where = overHttp ? ['--registries', JSON.stringify(urls)] : [];
    const start = (file: string, args: readonly string[]) => (setting: Setting, port: number) =>
      startPinned(GATEWAY_CORE, file, ['--port', String(port), ...where, ...args], profiling(setting));
    const kind = (name: string, file: string, ...args: readonly string[]): Kind => ({ name, about: '', start: start(file, args) });
    const product = (name: string, ...args: readonly string[]) => kind(name, 'product/serve.product.ts', '--jwks', data.jwks, ...args);
    const bodies = (asked: object) => Array.from({ length: DIFFERENT }, (_, n) => JSON.stringify({ ...asked, variables: variables(n) }));
    const [asText, byId] = [bodies({ query: text }), bodies({ documentId: documentIdOf(text) })];
    const contenders = [
      { kind: kind(BARE, 'product/serve.bare.ts'), bodies: asText },
      { kind: product(PRODUCT), bodies: asText },
      { kind: product(BY_ID), bodies: byId },
      { kind: product(TRACED, '--collector', `${urls.consent}/collector`), bodies: byId },
    ];
    for (const { kind, bodies } of contenders) {
      if (only && !only.includes(kind.name)) continue;
      const running = await startGateway(kind, { supergraph: '', inProcess: null, profile }, tokens[0]!);
      measured.push({ name: kind.name, running, bodies, runs: [] });
    }
    await work({ connections: CONNECTIONS, isDistinct: true, tokens, subgraphs: overHttp ? registries : null, load }, measured);
  } finally {
    await Promise.all([...measured.map(({ running }) => running.process.stop()), registries.stop(), load.stop()]);
  }
}
