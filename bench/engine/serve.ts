/**
 * Serves any supergraph with the bare engine over a lean front: for benches and conformance tests. There is NO ACCESS CONTROL here: whoever reaches the
 * port reads everything, so it listens on the loopback address and nowhere else.
 */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { createEngine } from '@commonweal/gateway/execute/engine.ts';
import { answerTogether } from '@commonweal/gateway/execute/requests.ts';
import { Sharing } from '@commonweal/gateway/execute/sharing.ts';
import { httpTransport } from '@commonweal/gateway/execute/transport.http.ts';
import { processTransport } from '@commonweal/gateway/execute/transport.process.ts';
import { openWay, type Transport } from '@commonweal/gateway/execute/transport.ts';
import { getGraph } from './graphs/all.ts';
import { compiled, executableSchema } from './graphs/executable.ts';
import { refuseOthers, startFront } from './serve.front.ts';

const HELP = `Usage: node bench/engine/serve.ts --supergraph FILE --port N [--in-process GRAPH] [--sharing WHAT]

THERE IS NO ACCESS CONTROL: for benches and conformance tests. Product: npm start.

  --supergraph FILE   any federation 2 supergraph; subgraphs are called where it says that they are
  --port N            port on the loopback address, the only one that it listens on; 0: one that is free
  --host ADDRESS      127.0.0.1, ::1 or localhost; anything else is refused
  --in-process GRAPH  run the subgraphs of one of the bench's graphs in this process
  --sharing WHAT      what identical requests with the same Authorization header have in common while they are under way [requests]
                        requests  all, when they begin before a first subgraph has answered
                        calls     the calls to subgraphs; what is made of them is made for each
                        none      nothing
`;

/** What requests under way may share. */
const SHARING = ['requests', 'calls', 'none'];

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const { values } = parseArgs({
  options: { supergraph: text, port: text, host: text, 'in-process': text, sharing: text, help: flag },
});

async function main(): Promise<void> {
  const { supergraph, host = '127.0.0.1', sharing = 'requests' } = values;
  refuseOthers(host);
  if (!SHARING.includes(sharing)) throw new RangeError(`--sharing must be one of ${SHARING.join(', ')}, not "${sharing}".`);
  if (!supergraph) throw new RangeError(`--supergraph is missing.\n\n${HELP}`);
  const engine = createEngine({ sdl: readFileSync(supergraph, 'utf8') });
  const graph = values['in-process'];
  const transports = graph ? inThisProcess(graph) : overHttp(engine.supergraph.subgraphs);
  const way = openWay({ transports, sharing: sharing === 'none' ? undefined : new Sharing() });
  const server = await startFront({
    engine,
    answerText: sharing === 'requests' ? answerTogether(engine) : undefined,
    way,
    host,
    port: Number(values.port ?? 0),
  });
  const { address, port } = server.address() as AddressInfo;
  console.log(
    `http://${address.includes(':') ? `[${address}]` : address}:${port}/graphql  NO ACCESS CONTROL: for benches and conformance tests only.`,
  );
}

const overHttp = (subgraphs: readonly { readonly name: string; readonly url: string }[]): Record<string, Transport> =>
  Object.fromEntries(
    subgraphs.map(({ name, url }) => {
      if (!/^https?:\/\//.test(url)) throw new RangeError(`The supergraph does not say where ${name} listens, but "${url}".`);
      return [name, httpTransport({ subgraph: name, url: new URL(url), connections: 64 })];
    }),
  );

const inThisProcess = (graph: string): Record<string, Transport> =>
  Object.fromEntries(
    Object.entries(getGraph(graph).subgraphs).map(([subgraph, definition]) => [
      subgraph,
      processTransport({ subgraph, schema: executableSchema(definition), compile: compiled }),
    ]),
  );

if (values.help) process.stdout.write(HELP);
else {
  await main();
  process.once('disconnect', () => process.exit(0));
}
