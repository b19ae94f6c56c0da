/** The bare engine over the product's supergraph, everything for everybody: registries behind HTTP, or canned answers in this process. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createEngine } from '@commonweal/gateway/execute/engine.ts';
import { httpTransport } from '@commonweal/gateway/execute/transport.http.ts';
import { openWay, type Transport } from '@commonweal/gateway/execute/transport.ts';
import type { SubgraphReply } from '@commonweal/gateway/execute/types.ts';
import { SUBGRAPHS, type SubgraphName } from '@commonweal/schema';
import { startFront } from '../serve.front.ts';
import { cannedAnswers } from './canned.ts';

const string = { type: 'string' } as const;
const { values } = parseArgs({ options: { port: string, registries: string } });

function overHttp(urls: Readonly<Record<string, string>>): (subgraph: SubgraphName) => Transport {
  return (subgraph) => httpTransport({ subgraph, url: new URL('/graphql', urls[subgraph]) });
}

function inThisProcess(): (subgraph: SubgraphName) => Transport {
  const answers = cannedAnswers();
  return (subgraph) => ({
    send: async ({ query, variables }) => JSON.parse(await answers({ subgraph, query, variables })) as SubgraphReply,
    close: async () => {},
  });
}

const transport = values.registries ? overHttp(JSON.parse(values.registries)) : inThisProcess();

await startFront({
  engine: createEngine({ sdl: readFileSync(fileURLToPath(import.meta.resolve('@commonweal/schema/supergraph.graphql')), 'utf8') }),
  way: openWay({ transports: Object.fromEntries(SUBGRAPHS.map((name) => [name, transport(name)])) }),
  host: '127.0.0.1',
  port: Number(values.port),
});
process.once('disconnect', () => process.exit(0));
