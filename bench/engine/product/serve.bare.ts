/** The bare engine over the product's supergraph, with canned answers in place of registries: everything for everybody. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createEngine } from '@commonweal/gateway/execute/engine.ts';
import { openWay, type Transport } from '@commonweal/gateway/execute/transport.ts';
import type { SubgraphReply } from '@commonweal/gateway/execute/types.ts';
import { SUBGRAPHS, type SubgraphName } from '@commonweal/schema';
import { readGatewayArguments } from '../gateways/arguments.ts';
import { startFront } from '../serve.front.ts';
import { cannedAnswers } from './canned.ts';

const answers = cannedAnswers();
const transport = (subgraph: SubgraphName): Transport => ({
  send: async ({ query, variables }) => JSON.parse(await answers({ subgraph, query, variables })) as SubgraphReply,
  close: async () => {},
});

await startFront({
  engine: createEngine({ sdl: readFileSync(fileURLToPath(import.meta.resolve('@commonweal/schema/supergraph.graphql')), 'utf8') }),
  way: openWay({ transports: Object.fromEntries(SUBGRAPHS.map((name) => [name, transport(name)])) }),
  host: '127.0.0.1',
  port: readGatewayArguments().port,
});
process.once('disconnect', () => process.exit(0));
