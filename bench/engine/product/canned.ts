import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fakeRegistry, HOP_SECRET } from '@commonweal/gateway/graph.fake/registry.ts';
import { hopKey, PERSONAS, type Principal, queryHash, SUBGRAPHS, type SubgraphName, signHop } from '@commonweal/schema';

/** A question to a registry. */
export interface CannedCall {
  readonly subgraph: SubgraphName;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Answers that are kept. */
const MOST_KNOWN = 20_000;
/** Seconds that a hop holds here. */
const SOON = 30;

/** What the registries would answer, as text: made once by fake registries, and from then on only looked up. The secret of their hops is `HOP_SECRET`. */
export function cannedAnswers(): (call: CannedCall) => Promise<string> | string {
  const fakes = new Map(
    SUBGRAPHS.map((name) => [
      name,
      fakeRegistry(
        name,
        sdlOf(name),
        [],
        () => null,
        () => new Date(),
      ),
    ]),
  );
  const known = new Map<string, string>();
  async function make({ subgraph, query, variables }: CannedCall, name: string): Promise<string> {
    const hop = signHop(hopKey(HOP_SECRET, subgraph), {
      audience: subgraph,
      expires: Math.floor(Date.now() / 1000) + SOON,
      id: name,
      queryHash: queryHash(query),
      principal: ASKER,
      epoch: 1,
      digest: '',
      requestId: '',
      operation: 'query',
    });
    const text = JSON.stringify(await fakes.get(subgraph)!.fetch({ query, variables, hop }));
    if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value!);
    known.set(name, text);
    return text;
  }
  return (call) => {
    const name = `${call.subgraph} ${call.query} ${JSON.stringify(call.variables)}`;
    return known.get(name) ?? make(call, name);
  };
}

const { consumer, user, areas = null, scopes, purposes } = PERSONAS['case-worker']!;
const ASKER: Principal = { consumer, user, areas, scopes, purpose: purposes[0]!, person: null, programs: null };

const sdlOf = (name: SubgraphName) =>
  readFileSync(fileURLToPath(import.meta.resolve(`@commonweal/schema/subgraphs/${name}.graphql`)), 'utf8');
